import { createContinueEvent } from '../../../actions-testing/continue-event.ts'
import { createPostLoginEvent } from '../../../actions-testing/event.ts'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { isDenied, loginOf, type Mutation, seen, seenBy } from './mutation.ts'

function limitOf(
  limit: string,
  find: string,
  replace: string,
  holds: () => Promise<boolean>,
  file = 'metadata-changes.ts',
): Mutation {
  return { limit, file, find, replace, holds }
}

const stored = { user: { app_metadata: { plan: 'gold' }, user_metadata: {} } }
const flow = 'post-login-flow.ts'
const transaction = 'post-login-transaction-methods.ts'

/** Limits of the metadata of user and transaction. */
export const metadataMutations: readonly Mutation[] = [
  limitOf(
    'an identical value is no write',
    'value !== null && Object.hasOwn(stored, key)',
    'value === undefined && Object.hasOwn(stored, key)',
    async () => {
      const { appMetadata } = await loginOf([`api.user.setAppMetadata('plan', 'gold')`], stored)
      return Object.keys(appMetadata).length === 0
    },
  ),
  limitOf(
    'null deletes, for later Actions too',
    '.filter(([, value]) => value !== null)',
    '.filter(() => true)',
    async () => {
      const later = seen(`'plan' in event.user.app_metadata`)
      const outcome = await loginOf([`api.user.setAppMetadata('plan', null)`, later], stored)
      return outcome.idTokenClaims.seen === false
    },
  ),
  limitOf('32 kB for each object', 'maxBytes = 32_000', 'maxBytes = 32_768', () =>
    isDenied(`api.user.setUserMetadata('a', 'x'.repeat(32_000))`, 'exceeds'),
  ),
  limitOf(
    '32 kB for the whole login, over its redirects',
    'resume?.writtenBytes ??',
    'false ||',
    async () => {
      const write = `api.user.setUserMetadata('a', 'x'.repeat(20_000))`
      const code = `exports.onExecutePostLogin = async (event, api) => { ${write}; api.redirect.sendUserTo('https://app.example/') }
        exports.onContinuePostLogin = async (event, api) => { ${write} }`
      const actions = [{ name: 'asks', code, secrets: {} }]
      const runtime = createInProcessRuntime()
      const event = createPostLoginEvent()
      const resume = await runtime.runPostLogin({ actions, event })
      const back = createContinueEvent(event, { ...resume, userMetadata: {} })
      const { denied } = await runtime.runPostLogin({ actions, event: back, resume })
      return denied?.reason.includes('in this login') === true
    },
    'login-state.ts',
  ),
  limitOf('names that app_metadata may not have', 'forbiddenInAppMetadata.has(key)', 'false', () =>
    isDenied(`api.user.setAppMetadata('email', 'x')`, 'refuses the key email'),
  ),
  limitOf('no field name with . or $', '/[.$]/.test(key)', '/[.]/.test(key)', () =>
    isDenied(`api.user.setUserMetadata('a', { $set: 1 })`, 'refuses the field name'),
  ),
  limitOf(
    'later Actions see the metadata',
    'app_metadata: metadataAfter(event.user.app_metadata, login.appMetadata),',
    '',
    async () => {
      const bodies = [`api.user.setAppMetadata('a', 1)`, seen('event.user.app_metadata.a ?? null')]
      return (await loginOf(bodies)).idTokenClaims.seen === 1
    },
    flow,
  ),
  limitOf(
    'metadata set beside setPrimaryUser is lost',
    'if (state.primaryUserSetBy !== action) return',
    'return',
    async () => {
      const body = `api.user.setUserMetadata('a', 1); api.authentication.setPrimaryUser('auth0|1')`
      return Object.keys((await loginOf([body])).userMetadata).length === 0
    },
    flow,
  ),
  limitOf(
    'transaction metadata: a key of 64 characters',
    'maxKeyCharacters = 64',
    'maxKeyCharacters = 65',
    () => isDenied(`api.transaction.setMetadata('k'.repeat(65), 1)`, 'at most 64 characters'),
    transaction,
  ),
  limitOf(
    'transaction metadata: a value of 8 KB',
    'maxValueBytes = 8_000',
    'maxValueBytes = 8_192',
    () => isDenied(`api.transaction.setMetadata('k', 'x'.repeat(8_000))`, 'exceeds 8 KB'),
    transaction,
  ),
  limitOf(
    'transaction metadata: 16 KB in all',
    'maxBytes = 16_000',
    'maxBytes = 16_384',
    () =>
      isDenied(
        `for (const key of 'ab') api.transaction.setMetadata(key, 'x'.repeat(7_900))
         api.transaction.setMetadata('c', 'x'.repeat(300))`,
        '16 KB in all',
      ),
    transaction,
  ),
  limitOf(
    'transaction metadata shows at once',
    'Object.assign(event.transaction, { metadata',
    'Object.assign({}, { metadata',
    async () => {
      const now = seen('event.transaction.metadata.k ?? null')
      return (await seenBy(`api.transaction.setMetadata('k', 1); ${now}`)) === 1
    },
    transaction,
  ),
  limitOf(
    'transaction metadata: safe integers',
    'Number.isInteger(value) && !Number.isSafeInteger(value)',
    'false',
    () => isDenied(`api.transaction.setMetadata('k', 2 ** 53)`, 'a safe integer'),
    'argument-checks.ts',
  ),
]
