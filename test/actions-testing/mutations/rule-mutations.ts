import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import type { RulesOutcome } from '../../../actions-testing/rules-run.ts'
import { rule, rulesRun } from '../runtimes.ts'
import { limitOf, type Mutation, rejects } from './mutation.ts'

const rules = 'rules-flow.ts'
const pass = 'callback(null, user, context)'
const rulesOf = (...bodies: readonly string[]): Promise<RulesOutcome> =>
  createInProcessRuntime({ timeoutMs: 250 }).runRules(
    rulesRun(bodies.map((body, index) => rule(body, `rule-${index + 1}`))),
  )
const ruleFails = async (...bodies: readonly string[]) => (await rulesOf(...bodies)).denied !== null

/** Limits of Rules. */
export const ruleMutations: readonly Mutation[] = [
  limitOf(
    'a Rule over its time fails the login',
    rules,
    'if (!heard.inTime) {',
    'if (false) {',
    async () => (await rulesOf('')).denied?.reason.includes('longer than 250 ms') === true,
  ),
  limitOf(
    'the time is that of all Rules',
    rules,
    'timeoutMs - (performance.now() - started)',
    'timeoutMs',
    () => {
      const wait = `setTimeout(() => ${pass}, 140)`
      return ruleFails(wait, wait)
    },
  ),
  limitOf(
    'a Rule that fails keeps later ones from running',
    rules,
    'if (state.denied !== null) break',
    '',
    async () => {
      const outcome = await rulesOf(`callback(new Error('no'))`, `console.log('ran'); ${pass}`)
      return outcome.logs.length === 0
    },
  ),
  limitOf(
    'a Rule that calls back again later fails the login',
    rules,
    'if (heard.answers.length < 2) return',
    'return',
    () => ruleFails(`global.again = () => ${pass}; ${pass}`, `global.again(); ${pass}`),
  ),
  limitOf(
    'a Rule hands on user and context',
    rules,
    'else if (!isPlainObject(user) || !isPlainObject(context)) {',
    'else if (false) {',
    () => ruleFails(`callback(null)`, `callback(null, {}, {})`),
  ),
  limitOf(
    'what a Rule changes the next one sees',
    rules,
    'else Object.assign(state, { user, context })',
    'else Object.assign({}, { user, context })',
    async () => {
      const first = `callback(null, { ...user, name: 'Other' }, context)`
      const { idTokenClaims } = await rulesOf(first, `context.idToken.seen = user.name; ${pass}`)
      return idTokenClaims.seen === 'Other'
    },
  ),
  limitOf(
    'UnauthorizedError is unauthorized',
    rules,
    "nameOf(error) === 'UnauthorizedError'",
    'false',
    async () =>
      (await rulesOf(`callback(new UnauthorizedError('no'))`)).denied?.error === 'unauthorized',
  ),
  limitOf(
    'all enabled Rules are 100 kB',
    rules,
    'maxRulesBytes = 100_000',
    'maxRulesBytes = 102_400',
    () => rejects(rulesOf(`${pass} //${'x'.repeat(100_000)}`)),
  ),
  limitOf(
    'what a Rule hands on is JSON',
    'rules-outcome.ts',
    "state.denied ??= { error: 'access_denied', reason: messageOf(reason), rule }",
    '',
    () => ruleFails(`context.idToken.f = () => 1; ${pass}`),
  ),
  limitOf(
    'auth0.users refuses what the Management API does',
    'rule-globals.ts',
    'for (const [key, value] of Object.entries(copy)) refuseMetadata(kind, key, value)',
    '',
    () =>
      ruleFails(
        `auth0.users.updateAppMetadata(user.user_id, { email: 1 }).then(() => ${pass}, callback)`,
      ),
  ),
]
