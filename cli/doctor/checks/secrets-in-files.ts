import type { FindingKind, Place } from '../finding.ts'
import { looksSecret } from '../source/checks/secrets.ts'
import { hasKeyword } from '../tenant/keywords.ts'
import { at, type Fields, isFields, textAt } from '../tenant/shape.ts'
import type { Section } from '../tenant/tenant-view.ts'
import { type Check, each, type Seen } from './check.ts'

/** Names under which secrets are kept. */
const secretName = /secret|passw|private_?key|api_?key|token$|_pass$|credential/i

/** Whatever stands in a file is in a repository soon. A live tenant does not give secrets away. */
const secretInFile: FindingKind = {
  id: 'secret-in-file',
  severity: 'error',
  title: 'Secret in a file that is published',
  why: 'The file is in a repository, in its history and on every machine that has it.',
  remedy:
    'Put a placeholder there (##NAME##), its value into the environment, and change the secret: it is known.',
  link: 'https://github.com/auth0/auth0-deploy-cli/blob/master/docs/keyword-replacement.md',
}

export const secretChecks: readonly Check[] = [
  secretsOf('actions', ({ secrets }) =>
    (Array.isArray(secrets) ? secrets : []).map((secret, index) => ({
      name: textAt(secret, 'name') ?? '',
      value: at(secret, 'value'),
      path: ['secrets', index, 'value'],
    })),
  ),
  secretsOf('databases', (value) => membersOf(value, 'options', 'configuration')),
  secretsOf('clients', (value) => membersOf(value).filter(isClientSecret)),
  secretsOf('connections', (value) => membersOf(value, 'options').filter(isClientSecret)),
  secretsOf('emailProvider', (value) => membersOf(value, 'credentials')),
]

interface Member {
  readonly name: string
  readonly value: unknown
  readonly path: readonly (number | string)[]
}

/** A file without such a section has no such secrets: there is nothing to be told. */
function secretsOf(section: Section, members: (value: Fields) => readonly Member[]): Check {
  return {
    kind: secretInFile,
    ...each(
      section,
      function* ({ value, place }, _settings, { origin }) {
        if (origin === 'live') return
        for (const { name, value: secret, path } of members(value)) {
          yield* literal(name, secret, () => place(...path))
        }
      },
      [],
    ),
  }
}

function membersOf(value: Fields, ...path: readonly string[]): readonly Member[] {
  const inner = at(value, ...path)
  return Object.entries(isFields(inner) ? inner : {}).map(([name, member]) => ({
    name,
    value: member,
    path: [...path, name],
  }))
}

function isClientSecret({ name }: Member): boolean {
  return name === 'client_secret'
}

/** Never the value itself. @param where Asked for where there is something: a place costs a parse. */
function* literal(name: string, value: unknown, where: () => Place): Generator<Seen> {
  if (typeof value !== 'string' || value === '') return
  if (!secretName.test(name) && !looksSecret(value)) return
  if (!hasKeyword(value)) yield { what: `${name} stands there as it is.`, where: where() }
}
