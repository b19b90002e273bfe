import { createHmac } from 'node:crypto'

/** Characters of base64url that stand for one secret: 48 bits. They tell a change, and prove nothing. */
const length = 8

/**
 * What an Action's secrets or a connection's configuration were when they were published. Auth0 shows
 * no value again; a keyed digest tells whether one has changed, and says nothing without the key.
 *
 * @param key Secret of the application that keeps the record.
 * @param holder Name of the Action; `configuration`.
 * @param shown What the tenant shows of the secrets itself: it changes when somebody else sets one.
 */
export function digestSecrets(
  key: string,
  holder: string,
  secrets: Readonly<Record<string, string>>,
  shown: unknown,
): string {
  const digest = (parts: readonly unknown[]) =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url').slice(0, length)
  const names = Object.keys(secrets).sort()
  return [
    digest([holder, shown]),
    digest([holder, names]),
    ...names.map((name) => digest([holder, name, secrets[name]])),
  ].join('')
}

/** The same values, with what the tenant shows of them now. */
export function reshown(key: string, holder: string, digests: string, shown: unknown): string {
  return digestSecrets(key, holder, {}, shown).slice(0, length) + digests.slice(length)
}

/**
 * @param before As `digestSecrets` gave it; undefined when nothing was ever noted.
 * @param names Of the secrets that `after` is of.
 * @returns The names whose values are not those published last, as far as anybody can tell. All of them
 *   when the tenant shows that somebody else has set one, or when other names were published.
 */
export function changedSecrets(
  before: string | undefined,
  after: string,
  names: readonly string[],
): readonly string[] {
  const sorted = names.toSorted()
  const same = (position: number) =>
    before !== undefined && at(before, position) === at(after, position)
  if (!same(0) || !same(1)) return sorted
  return sorted.filter((_, index) => !same(index + 2))
}

function at(digests: string, position: number): string {
  return digests.slice(position * length, (position + 1) * length)
}
