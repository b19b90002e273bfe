import { createCredentialsExchangeEvent } from '../../../actions-testing/credentials-exchange-event.ts'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { writeWithRetries } from '../../../actions-testing/profile-write.ts'
import type { RulesOutcome } from '../../../actions-testing/rules-run.ts'
import { runAction } from '../../../actions-testing/run-action.ts'
import { exchangeAction, loginScript, rule, rulesRun } from '../runtimes.ts'
import type { Mutation } from './mutation.ts'

function limitOf(
  limit: string,
  file: string,
  find: string,
  replace: string,
  holds: () => Promise<boolean>,
): Mutation {
  return { limit, file, find, replace, holds }
}

const pass = 'callback(null, user, context)'
const rulesOf = (...bodies: readonly string[]): Promise<RulesOutcome> =>
  createInProcessRuntime({ timeoutMs: 250 }).runRules(
    rulesRun(bodies.map((body, index) => rule(body, `rule-${index + 1}`))),
  )
const ruleFails = async (...bodies: readonly string[]) => (await rulesOf(...bodies)).denied !== null
const scriptOf = (code: string) =>
  createInProcessRuntime({ timeoutMs: 40 }).runDatabaseScript(loginScript(code))
const exchangeOf = (...bodies: readonly string[]) =>
  createInProcessRuntime().runCredentialsExchange({
    actions: bodies.map((body) => exchangeAction(body)),
    event: createCredentialsExchangeEvent(),
  })
const rejects = (run: Promise<unknown>) =>
  run.then(
    () => false,
    () => true,
  )

const once = 'callback-once.ts'
const rules = 'rules-flow.ts'
const exchange = 'credentials-exchange-flow.ts'

/** Limits of scripts, Rules and credentials-exchange, and of the assertion side. */
export const scriptMutations: readonly Mutation[] = [
  limitOf(
    'a script calls back once',
    once,
    'if (answers.length > 1) {',
    'if (false) {',
    async () => {
      const { outcome } = await scriptOf('function login(a, b, c) { c(null); c(null) }')
      return outcome.type === 'none'
    },
  ),
  limitOf(
    'a script calls back in time',
    'database-script.ts',
    'const outcome = heard.inTime\n',
    'const outcome = true || (heard.inTime as boolean)\n',
    async () => {
      const { outcome } = await scriptOf('function login() {}')
      return outcome.type === 'none' && outcome.message.includes('within 40 ms')
    },
  ),
  limitOf(
    'a script is one function',
    'database-script.ts',
    "if (typeof script !== 'function') throw new TypeError('the source is not one function')",
    '',
    async () => {
      const { outcome } = await scriptOf('({})')
      return outcome.type === 'none' && outcome.message.includes('not one function')
    },
  ),
  limitOf(
    'the configuration of scripts is read-only',
    'database-script.ts',
    'Object.freeze(realm.parse(JSON.stringify(run.configuration)))',
    'realm.parse(JSON.stringify(run.configuration))',
    async () => {
      const body = `function login(a, b, callback) { callback(null, { frozen: Object.isFrozen(configuration) }) }`
      const { outcome } = await scriptOf(body)
      return outcome.type === 'profile' && outcome.profile.frozen === true
    },
  ),
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
    'UnauthorizedError is unauthorized',
    rules,
    "named === 'UnauthorizedError'",
    'named === null',
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
  limitOf(
    'credentials-exchange: after a denial no later Action runs',
    exchange,
    'stopped: () => state.denied !== null,',
    'stopped: () => false,',
    async () => {
      const later = `api.accessToken.setCustomClaim('later', 1)`
      return !(
        'later' in (await exchangeOf(`api.access.deny('invalid_scope')`, later)).accessTokenClaims
      )
    },
  ),
  limitOf(
    'credentials-exchange: claims over 100 KB fail',
    exchange,
    'if (exceedsTokenLimit(accessTokenClaims)) {',
    'if (false) {',
    async () => {
      const large = `api.accessToken.setCustomClaim('a', 'x'.repeat(100_000))`
      return (await exchangeOf(large)).denied !== null
    },
  ),
  limitOf(
    'runAction: a secret that was not given fails the test',
    'run-action.ts',
    'strictSecrets: true',
    'strictSecrets: false',
    () => rejects(runAction(`exports.onExecutePostLogin = (event) => { event.secrets.TYPO }`)),
  ),
  limitOf(
    'runAction: a misspelt member of api fails the test, also when it is caught',
    'run-action.ts',
    'strictApi: true',
    'strictApi: false',
    () =>
      rejects(runAction(`exports.onExecutePostLogin = (e, api) => { try { api.acess } catch {} }`)),
  ),
  limitOf(
    'runAction: what is not caught fails the test',
    'run-action.ts',
    "if (uncaught !== null && options.uncaught !== 'deny') throw",
    'if (false) throw',
    () => rejects(runAction(`exports.onExecutePostLogin = () => { throw new Error('x') }`)),
  ),
  limitOf(
    'runAction: a misspelt member of the outcome throws',
    'strict-outcome.ts',
    'throw new TypeError(',
    'return String(',
    async () => {
      const outcome = await runAction('exports.onExecutePostLogin = () => {}')
      return rejects(Promise.resolve().then(() => Reflect.get(outcome, 'denyed')))
    },
  ),
  limitOf(
    'an Action of 100 kB',
    'action-limits.ts',
    'maxCodeBytes = 100_000',
    'maxCodeBytes = 102_400',
    () => rejects(runAction('exports.onExecutePostLogin = () => {}'.padEnd(100_001))),
  ),
  limitOf('30 secrets', 'action-limits.ts', 'maxSecrets = 30', 'maxSecrets = 31', () => {
    const secrets = Object.fromEntries(Array.from({ length: 31 }, (_, n) => [`S${n}`, 'x']))
    return rejects(runAction(() => {}, {}, { secrets }))
  }),
  limitOf(
    'a rate-limited profile write waits for the reset',
    'profile-write.ts',
    'rateLimitReset * 1000 - now()',
    '0',
    async () => {
      let time = 0
      const sleep = async (milliseconds: number) => {
        time += milliseconds
      }
      const write = async () => ({ status: time < 5_000 ? 429 : 200, rateLimitReset: 5 })
      return (await writeWithRetries(write, { now: () => time, sleep })).attempts === 2
    },
  ),
]
