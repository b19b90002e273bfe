import { createPostLoginEvent } from '../../../actions-testing/event.ts'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { isDenied, limitOf, loginOf, type Mutation, seen, seenBy } from './mutation.ts'

const later = seen('true')
const neverLater = async (body: string) => !('seen' in (await loginOf([body, later])).idTokenClaims)
const flow = 'trigger-flow.ts'

/** Limits of a flow of Actions, whichever member of `api` they use. */
export const flowMutations: readonly Mutation[] = [
  limitOf(
    'an unknown member of api throws',
    'strict-members.ts',
    'onUnknown?.(error)\n        throw error',
    'onUnknown?.(error)\n        return { deny() {} }',
    () => isDenied(`api.acess.deny('no')`, 'did you mean api.access?'),
  ),
  limitOf(
    'after a denial no later Action runs',
    'post-login-flow.ts',
    'login.denied !== null || login.interaction',
    'login.interaction',
    () => neverLater(`api.access.deny('no')`),
  ),
  limitOf(
    'after a step for the user no later Action runs',
    'post-login-flow.ts',
    'login.denied !== null || login.interaction !== null',
    'login.denied !== null',
    () => neverLater(`api.redirect.sendUserTo('https://app.example/')`),
  ),
  limitOf(
    'the claim scope is an error',
    'post-login-token-methods.ts',
    "if (key === 'scope')",
    'if (false)',
    () => isDenied(`api.idToken.setCustomClaim('scope', 'admin')`, 'cannot be set'),
  ),
  limitOf(
    'a scope has no white space',
    'argument-checks.ts',
    '/^\\S+$/.test(value.trim())',
    'true',
    () => isDenied(`api.accessToken.addScope('read:a write:a')`, 'without white space'),
  ),
  limitOf(
    'at most 1,000 scopes are added',
    'post-login-token-methods.ts',
    'addedScopes.size >= maxAddedScopes',
    'false',
    () =>
      isDenied(
        `for (let n = 0; n < 1001; n += 1) api.accessToken.addScope('s' + n)`,
        'more than 1000 scopes',
      ),
  ),
  limitOf(
    'what returns nothing on the platform does not chain',
    'trigger-api.ts',
    '? api : undefined',
    '? api : api',
    () => isDenied(`api.accessToken.addScope('a').access.deny('no')`, 'undefined'),
  ),
  limitOf(
    'a handler that is no async function denies the login',
    flow,
    "if (handle.constructor.name !== 'AsyncFunction') {",
    'if (false) {',
    async () => {
      const code = 'exports.onExecutePostLogin = () => {}'
      const run = { actions: [{ name: 'a', secrets: {}, code }], event: createPostLoginEvent() }
      return (await createInProcessRuntime().runPostLogin(run)).denied !== null
    },
  ),
  limitOf(
    'what an Action does not catch denies the login',
    flow,
    'trigger.fail(action.name, messageOf(error))',
    '',
    () => isDenied(`throw new Error('it broke')`, 'it broke'),
  ),
  limitOf('a flow over its time is denied', flow, 'if (!inTime) {', 'if (false) {', async () => {
    const { denied } = await loginOf(['await new Promise(() => {})'], {}, { timeoutMs: 20 })
    return denied !== null
  }),
  limitOf(
    'that time is 20 s',
    'in-process-runtime.ts',
    'defaultTimeoutMs = 20_000',
    'defaultTimeoutMs = 30_000',
    async () => {
      const { defaultTimeoutMs } = await import('../../../actions-testing/in-process-runtime.ts')
      return defaultTimeoutMs === 20_000
    },
  ),
  limitOf(
    'no call counts once the time is over',
    'trigger-api.ts',
    'if (state.over || turn.done) {',
    'if (turn.done) {',
    async () => {
      const waits = `await new Promise((resolve) => setTimeout(resolve, 40)); ${later}`
      const { calls } = await loginOf([waits], {}, { timeoutMs: 10 })
      await new Promise((resolve) => setTimeout(resolve, 60))
      return calls.length === 0
    },
  ),
  limitOf(
    'no call counts once the Action has returned',
    flow,
    'if (turn !== undefined) turn.done = true',
    '',
    async () => {
      const leaves = `setTimeout(() => { try { ${later} } catch {} }, 5)`
      const waits = `await new Promise((resolve) => setTimeout(resolve, 20))`
      return !('seen' in (await loginOf([leaves, waits])).idTokenClaims)
    },
  ),
  limitOf(
    'event is a copy for each Action',
    'strict-turn.ts',
    'const event = copy(given) as object',
    'const event = ((state as any).one ??= copy(given)) as object',
    async () => {
      const { idTokenClaims } = await loginOf([
        `event.user.email = 'changed'`,
        seen(`event.user.email`),
      ])
      return idTokenClaims.seen !== 'changed'
    },
  ),
  limitOf(
    'the console keeps 256 characters an Action',
    'trigger-state.ts',
    'maxLogCharacters = 256',
    'maxLogCharacters = 257',
    async () => (await loginOf([`console.log('x'.repeat(300))`])).logs[0]?.text.length === 256,
  ),
  limitOf(
    'there is no file system',
    'sandbox.ts',
    'dns/promises events',
    'dns/promises fs events',
    () => isDenied(`require('node:fs')`, 'is not available'),
  ),
  limitOf(
    'there is no environment',
    'sandbox.ts',
    '    env: {},',
    '    env: { HOME: "/" },',
    async () => (await seenBy(seen('Object.keys(process.env).length'))) === 0,
  ),
  limitOf(
    'fresh, nothing is kept at module level',
    'action-module.ts',
    'if (!warm) return',
    'if (false) return',
    async () => {
      const { createInProcessRuntime } = await import(
        '../../../actions-testing/in-process-runtime.ts'
      )
      const { login } = await import('../runtimes.ts')
      const code = `let n = 0; exports.onExecutePostLogin = async (event, api) => { ${seen('n += 1')} }`
      const runtime = createInProcessRuntime()
      const run = login({ name: 'counting', secrets: {}, code })
      await runtime.runPostLogin(run)
      return (await runtime.runPostLogin(run)).idTokenClaims.seen === 1
    },
  ),
]
