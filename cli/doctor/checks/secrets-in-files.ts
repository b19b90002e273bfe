import type { Place } from '../finding.ts'
import { hasKeyword } from '../tenant/keywords.ts'
import { at, isFields, listAt, textAt } from '../tenant/shape.ts'
import type { Check, Seen } from './check.ts'

/** Names under which secrets are kept. */
const secretName = /secret|passw|private_?key|api_?key|token$|_pass$|credential/i

/** Whatever stands in a file is in a repository soon. A live tenant does not give secrets away. */
export const secretChecks: readonly Check[] = [
  {
    kind: {
      id: 'secret-in-file',
      severity: 'error',
      title: 'Secret in a file that is published',
      why: 'The file is in a repository, in its history and on every machine that has it.',
      remedy:
        'Put a placeholder there (##NAME##), its value into the environment, and change the secret: it is known.',
      link: 'https://github.com/auth0/auth0-deploy-cli/blob/master/docs/keyword-replacement.md',
    },
    reads: [],
    *find(view) {
      if (view.origin === 'live') return
      for (const { value, place } of view.section('actions') ?? []) {
        for (const [index, secret] of listAt(value, 'secrets').entries()) {
          const name = textAt(secret, 'name') ?? ''
          const where = () => place('secrets', index, 'value')
          yield* literal(name, at(secret, 'value'), where)
        }
      }
      for (const { value, place } of view.section('databases') ?? []) {
        const configuration = at(value, 'options', 'configuration')
        for (const [name, inner] of Object.entries(isFields(configuration) ? configuration : {})) {
          yield* literal(name, inner, () => place('options', 'configuration', name))
        }
      }
      for (const { value, place } of view.section('clients') ?? []) {
        yield* literal('client_secret', value.client_secret, () => place('client_secret'))
      }
      for (const { value, place } of view.section('connections') ?? []) {
        const inner = at(value, 'options', 'client_secret')
        yield* literal('client_secret', inner, () => place('options', 'client_secret'))
      }
      for (const { value, place } of view.section('emailProvider') ?? []) {
        const { credentials } = value
        for (const [name, inner] of Object.entries(isFields(credentials) ? credentials : {})) {
          yield* literal(name, inner, () => place('credentials', name))
        }
      }
    },
  },
]

/** Never the value itself. @param where Asked for where there is something: a place costs a parse. */
function* literal(name: string, value: unknown, where: () => Place): Generator<Seen> {
  if (!secretName.test(name) || typeof value !== 'string' || value === '') return
  if (!hasKeyword(value)) yield { what: `${name} stands there as it is.`, where: where() }
}
