import { CommandError } from '../command.ts'
import type { ShownAction } from './actual.ts'
import type { ActionChange, CodeChange } from './changes.ts'
import type { DesiredAction } from './desired.ts'
import { changedSecrets, digestSecrets } from './digests.ts'
import { lineDiff } from './line-diff.ts'
import { type MemberChange, memberChanges } from './members.ts'

/** What the record on the tenant says of values that nobody can read back. */
export interface KnownDigests {
  /** Null: there is no record, or no key to it. */
  readonly key: string | null
  readonly digests: Readonly<Record<string, string>>
}

/** How the bundles of this kit begin: what has no such head was written by somebody else. */
const ourHead = '// Built by auth0-migration-hygiene'

/**
 * @returns Null when the Action runs exactly this already.
 * @throws {CommandError} `action_unfit`.
 */
export function planAction(
  desired: DesiredAction,
  actual: ShownAction | undefined,
  known: KnownDigests,
): ActionChange | null {
  const { name, secretNames } = desired
  if (actual === undefined) {
    const code = codeChange(undefined, desired.code)
    const none = { members: [], secretsRemoved: [], deployOnly: false }
    return { kind: 'action', change: 'create', name, code, secrets: secretNames, ...none }
  }
  assertSameTriggers(desired, actual)
  const { deployed_version: running } = actual
  const ran = running?.code ?? undefined
  const code = ran === desired.code ? null : codeChange(ran ?? actual.code, desired.code)
  const members = actionMembers(desired, actual)
  const secrets = secretsToSet(desired, actual, known)
  const secretsRemoved = namesOf(actual.secrets).filter((one) => !secretNames.includes(one))
  const isOld = code !== null || members.length + secrets.length + secretsRemoved.length > 0
  const draftWaits = actual.code !== desired.code || actual.all_changes_deployed === false
  if (!isOld && !draftWaits) return null
  const deployOnly = !isOld
  return {
    kind: 'action',
    change: 'update',
    name,
    code,
    members,
    secrets,
    secretsRemoved,
    deployOnly,
  }
}

/** One that serves another trigger may be bound there: with our code that flow would be broken. */
function assertSameTriggers({ name, supportedTriggers }: DesiredAction, actual: ShownAction): void {
  const idsOf = (triggers: unknown) =>
    listOf(triggers).map((trigger) => String((trigger as { id?: unknown }).id))
  const [ours, theirs] = [idsOf(supportedTriggers), idsOf(actual.supported_triggers)]
  if (theirs.length === 0 || theirs.some((id) => ours.includes(id))) return
  const message = `The tenant has an Action ${name} that serves ${theirs.join(', ')}, and ours of that name serves ${ours.join(', ')}: rename theirs, or delete it.`
  throw new CommandError('action_unfit', message)
}

function actionMembers(desired: DesiredAction, actual: ShownAction): readonly MemberChange[] {
  // What runs counts; a tenant that shows no deployed version shows its draft.
  const { deployed_version: running = actual } = actual
  const wanted = { runtime: desired.runtime, supported_triggers: desired.supportedTriggers }
  const there = {
    runtime: running.runtime ?? actual.runtime,
    supported_triggers: pickTriggers(actual.supported_triggers),
  }
  const dependencies = memberChanges(
    { dependencies: desired.dependencies.map(dependencyName) },
    { dependencies: listOf(running.dependencies ?? actual.dependencies).map(dependencyName) },
  )
  return [...memberChanges(wanted, there), ...dependencies]
}

/** Names of the secrets whose values are not those published last, as far as the record can tell. */
function secretsToSet(
  { name, secrets, secretNames }: DesiredAction,
  actual: ShownAction,
  { key, digests }: KnownDigests,
): readonly string[] {
  const isKnown = secretNames.every((one) => Object.hasOwn(secrets, one))
  if (key === null || !isKnown) return secretNames
  const there = namesOf(actual.deployed_version?.secrets ?? actual.secrets)
  const missing = secretNames.filter((one) => !there.includes(one))
  const after = digestSecrets(key, name, secrets, shownSecrets(actual))
  const changed = changedSecrets(digests[name], after, secretNames)
  return secretNames.filter((one) => missing.includes(one) || changed.includes(one))
}

/** What tells that somebody else has set a secret: the time that the tenant shows with its name. */
export function shownSecrets({ secrets = [] }: Pick<ShownAction, 'secrets'>): unknown {
  return secrets
    .map(({ name, updated_at = '' }) => [name, updated_at] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
}

/** @param before Undefined: there is none. */
export function codeChange(before: string | undefined, after: string): CodeChange {
  const linesAfter = after.split('\n').length
  if (before === undefined) return { linesBefore: null, linesAfter, diff: null, foreign: false }
  const foreign = !before.startsWith(ourHead)
  const diff = foreign ? null : lineDiff(before, after)
  return { linesBefore: before.split('\n').length, linesAfter, diff, foreign }
}

function namesOf(secrets: unknown): readonly string[] {
  return listOf(secrets).map((secret) => String((secret as { name?: unknown }).name))
}

function dependencyName(dependency: unknown): string {
  const { name, version } = dependency as { name?: unknown; version?: unknown }
  return `${name}@${version}`
}

function pickTriggers(triggers: unknown): unknown {
  return listOf(triggers).map((trigger) => {
    const { id, version } = trigger as { id?: unknown; version?: unknown }
    return { id, version }
  })
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
