import { createCredentialsExchangeEvent } from '../../../actions-testing/credentials-exchange-event.ts'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { writeWithRetries } from '../../../actions-testing/profile-write.ts'
import { runAction } from '../../../actions-testing/run-action.ts'
import { action, exchangeAction, login } from '../runtimes.ts'
import { limitOf, type Mutation, rejects } from './mutation.ts'

const exchange = 'credentials-exchange-flow.ts'
const exchangeOf = (...bodies: readonly string[]) =>
  createInProcessRuntime().runCredentialsExchange({
    actions: bodies.map((body) => exchangeAction(body)),
    event: createCredentialsExchangeEvent(),
  })

/** Limits of credentials-exchange, of the assertion side, and of the profile write. */
export const runMutations: readonly Mutation[] = [
  limitOf(
    'each trigger has a cache of its own',
    'trigger-caches.ts',
    'caches.get(trigger)',
    'caches.values().next().value',
    async () => {
      const runtime = createInProcessRuntime()
      const [event, write] = [createCredentialsExchangeEvent(), `api.cache.set('k', 'v')`]
      await runtime.runCredentialsExchange({ actions: [exchangeAction(write)], event })
      const read = action(`api.idToken.setCustomClaim('seen', api.cache.get('k') ?? null)`)
      return (await runtime.runPostLogin(login(read))).idTokenClaims.seen === null
    },
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
    'under-test.ts',
    'strictSecrets: true',
    'strictSecrets: false',
    () =>
      rejects(runAction(`exports.onExecutePostLogin = async (event) => { event.secrets.TYPO }`)),
  ),
  limitOf(
    'runAction: an event with a member that no page documents is refused',
    'event-checks.ts',
    'if (!open || slipOf(name, names) !== null)',
    'if (false)',
    () => rejects(runAction(async () => {}, { tenant: { name: 'x' } as object })),
  ),
  limitOf(
    'runAction: a secret is text',
    'action-limits.ts',
    "if (typeof value !== 'string')",
    'if (false)',
    () => rejects(runAction(async () => {}, {}, { secrets: { PORT: 8080 as unknown as string } })),
  ),
  limitOf(
    'runAction: an event with what Auth0 hides from Actions is refused',
    'event-checks.ts',
    'if (hidden !== undefined)',
    'if (false)',
    () => rejects(runAction(async () => {}, { request: { body: { refresh_token: 'x' } } })),
  ),
  limitOf(
    'runAction: a misspelt member of api fails the test, also when it is caught',
    'under-test.ts',
    'strictApi: true',
    'strictApi: false',
    () =>
      rejects(
        runAction(`exports.onExecutePostLogin = async (e, api) => { try { api.acess } catch {} }`),
      ),
  ),
  limitOf(
    'runAction: what is not caught fails the test',
    'under-test.ts',
    "if (uncaught !== null && options.uncaught !== 'deny') {",
    'if (false) {',
    () => rejects(runAction(`exports.onExecutePostLogin = async () => { throw new Error('x') }`)),
  ),
  limitOf(
    'runAction: a misspelt member of the outcome throws',
    'strict-outcome.ts',
    'throw new TypeError(',
    'return String(',
    async () => {
      const outcome = await runAction('exports.onExecutePostLogin = async () => {}')
      return rejects(Promise.resolve().then(() => Reflect.get(outcome, 'denyed')))
    },
  ),
  limitOf(
    'an Action of 100 kB',
    'action-limits.ts',
    'maxCodeBytes = 100_000',
    'maxCodeBytes = 102_400',
    () => rejects(runAction('exports.onExecutePostLogin = async () => {}'.padEnd(100_001))),
  ),
  limitOf('30 secrets', 'action-limits.ts', 'maxSecrets = 30', 'maxSecrets = 31', () => {
    const secrets = Object.fromEntries(Array.from({ length: 31 }, (_, n) => [`S${n}`, 'x']))
    return rejects(runAction(async () => {}, {}, { secrets }))
  }),
  limitOf(
    'a secret name of 128 characters',
    'action-limits.ts',
    'maxSecretNameCharacters = 128',
    'maxSecretNameCharacters = 129',
    () => rejects(runAction(async () => {}, {}, { secrets: { ['n'.repeat(129)]: '' } })),
  ),
  limitOf(
    'a secret of 4096 characters',
    'action-limits.ts',
    'maxSecretValueCharacters = 4_096',
    'maxSecretValueCharacters = 4_097',
    () => rejects(runAction(async () => {}, {}, { secrets: { S: 'x'.repeat(4_097) } })),
  ),
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
