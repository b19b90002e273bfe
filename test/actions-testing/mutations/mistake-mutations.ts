import { runAction } from '../../../actions-testing/run-action.ts'
import { action } from '../runtimes.ts'
import { limitOf, type Mutation, rejects } from './mutation.ts'

const failing = (body: string, ...rest: readonly object[]) =>
  rejects(runAction(action(body).code, ...rest))

/** Mistakes that Auth0 lets pass, and `runAction` does not. */
export const mistakeMutations: readonly Mutation[] = [
  limitOf(
    'runAction: a misspelt member of event fails the test, also when it is caught',
    'under-test.ts',
    'strictEvent: true',
    'strictEvent: false',
    () => failing('try { event.client.clientId } catch {}'),
  ),
  limitOf(
    'runAction: a slip of the pen in a profile fails the test',
    'strict-event.ts',
    '  if (open) {',
    '  if (open) {\n    return null',
    () => failing('event.user.emial'),
  ),
  limitOf(
    'runAction: what Auth0 hides of a request fails the test that reads it',
    'strict-event.ts',
    'hiddenParameters.includes(name) ? notShown(place, name) : null',
    'null',
    () => failing('event.request.body.refresh_token'),
  ),
  limitOf(
    'runAction: metadata that is set in the event alone fails the test',
    'strict-turn.ts',
    'if (problem !== null) misused(problem)',
    '',
    () => failing(`event.user.app_metadata.plan = 'gold'`),
  ),
  limitOf(
    'runAction: an argument too many fails the test',
    'strict-call.ts',
    'if (surplus !== -1)',
    'if (surplus > 100)',
    () => failing(`api.access.deny('a', 'b')`, {}, { uncaught: 'deny' }),
  ),
  limitOf(
    'runAction: a misspelt option of api fails the test',
    'strict-call.ts',
    'if (problem !== null) refuse(',
    'if (problem === undefined) refuse(',
    () => failing(`api.cache.set('k', 'v', { expiresAt: 1 })`),
  ),
  limitOf(
    'runAction: a promise of api that is not awaited fails the test',
    'strict-call.ts',
    '!(answer instanceof Promise)',
    'true',
    () =>
      failing(
        'const { roles } = api.roles.getUserEffectiveRoles()',
        {},
        { directory: { roles: [] } },
      ),
  ),
  limitOf(
    'runAction: a record of the cache as text fails the test',
    'cache-methods.ts',
    'strictRecord(state.cache.get(String(key)), misused)',
    'strictRecord(state.cache.get(String(key)), undefined)',
    () => failing(`api.cache.set('k', 'v'); String(api.cache.get('k'))`),
  ),
  limitOf(
    'runAction: a claim that Auth0 leaves out fails the test',
    'post-login-token-methods.ts',
    'if (problem !== null) misused?.(problem)',
    '',
    () => failing(`api.idToken.setCustomClaim('roles', [])`),
  ),
  limitOf(
    'runAction: a call after the end fails the test',
    'trigger-flow.ts',
    'else if (environment.strictApi) await lateCalls()',
    '',
    () =>
      failing(
        `new Promise(setImmediate).then(() => api.user.setAppMetadata('a', 1)).catch(() => {})`,
      ),
  ),
  limitOf(
    'runAction: a call after the end fails the test, however soon it comes',
    'settlement.ts',
    'settled.has(returned)',
    'false',
    () =>
      failing(`Promise.resolve().then(() => api.access.deny('late'))`, {}, { uncaught: 'deny' }),
  ),
  limitOf(
    'runAction: arguments that will not do fail the test, also when that is caught',
    'strict-call.ts',
    "if (args.some((argument) => typeof argument !== 'string'))",
    'if (false)',
    () => failing('try { api.access.deny(1) } catch {}'),
  ),
  limitOf(
    'runAction: times that are seconds fail the test',
    'strict-call.ts',
    'leastMilliseconds = 100_000_000_000',
    'leastMilliseconds = 1',
    () => failing(`api.session.setExpiresAt(Date.now() / 1000)`),
  ),
  limitOf(
    'runAction: a lookup that the test did not give fails it, also when that is caught',
    'post-login-directory-methods.ts',
    'misused?.(`looks up',
    'void (`looks up',
    () => failing('try { await api.roles.getUserEffectiveRoles() } catch {}'),
  ),
  limitOf(
    'runAction: over its time is a failed test',
    'trigger-flow.ts',
    'trigger.state.uncaught ??= { error, limit: true }',
    '',
    () => failing('await new Promise(() => {})', {}, { timeoutMs: 20 }),
  ),
  limitOf(
    'runAction: a redirect with no way back fails the test',
    'under-test.ts',
    'if (stuck !== null) throw stuck',
    '',
    () => failing(`api.redirect.sendUserTo('https://app.example/')`),
  ),
  limitOf(
    'runAction: an option that it does not have fails the test',
    'under-test.ts',
    'if (unknown !== undefined) throw',
    'if (false) throw',
    () => failing('', {}, { secret: {} }),
  ),
  limitOf(
    'runAction: an event with a value that no page documents is refused',
    'event-checks.ts',
    'if (problem !== null) throw',
    'if (false) throw',
    () => failing('', { transaction: { protocol: 'oauth2-pasword' } }),
  ),
]
