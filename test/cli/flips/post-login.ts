import { isDeepStrictEqual } from 'node:util'
import { isObject } from '../../../cli/auth0-tenant.ts'
import {
  apiMethod,
  aroundActions,
  codeOfActions,
  event,
  exchange,
  type Flip,
  outcome,
} from '../flip.ts'
import { around } from '../flip-http.ts'

/** What Actions set, when those of the Action that denied or threw are all that is kept. */
const onlyOfTheDenying = (byDeny: boolean) =>
  outcome((result) => {
    const { calls, denied } = result
    if (denied === null) return result
    if (calls.some(({ method }) => method === 'access.deny') !== byDeny) return result
    const own = calls.filter(
      ({ action, method }) => action === denied.action && method === 'user.setAppMetadata',
    )
    // A call that was refused, such as one over a limit, has set nothing to keep.
    const kept = Object.entries(result.appMetadata).filter(([key, value]) =>
      own.some(({ args }) => isDeepStrictEqual(args, [key, value])),
    )
    return { ...result, appMetadata: Object.fromEntries(kept) }
  })

/** Of the post-login flow and of credentials exchange. */
export const flipsOfPostLogin: Readonly<Record<string, Flip>> = {
  'earlier-metadata-survives-denial': onlyOfTheDenying(true),
  'earlier-metadata-survives-throw': onlyOfTheDenying(false),
  'own-metadata-unseen': apiMethod(
    'user',
    'setAppMetadata',
    `(key, value) => { real(key, value); event.user.app_metadata[key] = value }`,
  ),
  'first-denial-stands': outcome((result) => {
    const denials = result.calls.filter(({ method }) => method === 'access.deny')
    if (result.denied === null || denials.length < 2) return result
    return { ...result, denied: { ...result.denied, reason: String(denials.at(-1)?.args[0]) } }
  }),
  'cache-outlives-login': { switches: { loseCache: true } },
  'cache-lifetime-over-a-day-refused': apiMethod(
    'cache',
    'set',
    `(key, value, options) =>
      options.ttl > 86400000 ? { type: 'success' } : real(key, value, options)`,
  ),
  'cache-error-codes': apiMethod(
    'cache',
    'set',
    `(...args) => {
      const result = real(...args)
      return result.code === 'CacheSizeExceeded' ? { ...result, code: 'MaxSideEffectsExceeded' } : result
    }`,
  ),
  'kilobyte-is-1000-bytes': apiMethod(
    'cache',
    'set',
    `(key, value, options) =>
      value.length > 4000 && value.length <= 4096 ? { type: 'success' } : real(key, value, options)`,
  ),
  'refused-metadata-key-throws': apiMethod(
    'user',
    'setAppMetadata',
    `(...args) => { try { real(...args) } catch {} }`,
  ),
  'late-api-call-sets-nothing': aroundActions(
    `await inner(event, api)
    await new Promise((resolve) => setTimeout(resolve, 100))`,
  ),
  'error-nobody-catches-fails-login': aroundActions(
    'await inner(event, api)',
    `const setTimeout = (work, delay) =>
      globalThis.setTimeout(() => { try { work() } catch {} }, delay)`,
  ),
  'handlers-have-to-be-async': codeOfActions(
    (code) => `${code}
;(() => {
  const inner = exports.onExecutePostLogin
  exports.onExecutePostLogin = async (event, api) => inner(event, api)
})()`,
  ),
  'undefined-claim-sets-nothing': apiMethod(
    'idToken',
    'setCustomClaim',
    `(name, value) => real(name, value ?? null)`,
  ),
  'password-hidden-from-actions': event((seen) => ({
    ...seen,
    request: { ...seen.request, body: { ...seen.request.body, password: 'shown' } },
  })),
  'created-at-is-import-time': event((seen) => ({
    ...seen,
    user: { ...seen.user, created_at: '2001-01-01T00:00:00.000Z' },
  })),
  'resource-server-of-the-exchange': event((seen) => {
    const [first] = seen.refresh_token?.resource_servers ?? []
    const identifier = isObject(first) ? String(first.audience) : undefined
    return identifier === undefined ? seen : { ...seen, resource_server: { identifier } }
  }),
  'closed-api-refused-before-actions': around(async ({ body, route }, next, { state }) => {
    const api = [...state.resourceServers.values()].find(
      ({ identifier }) => identifier === body.audience,
    )
    const closed = api?.subject_type_authorization.user.policy === 'deny_all'
    if (route === 'POST oauth/token' && closed) {
      const { audience: _, ...without } = body
      await next(without)
    }
    return next()
  }),
  'first-redirect-stands': outcome((result) => {
    const redirects = result.calls.filter(({ method }) => method === 'redirect.sendUserTo')
    const { interaction } = result
    if (interaction === null || redirects.length < 2) return result
    return { ...result, interaction: { ...interaction, url: String(redirects.at(-1)?.args[0]) } }
  }),
  'redirect-without-continue-fails': aroundActions(
    'await inner(event, api)',
    'exports.onContinuePostLogin = async () => {}',
  ),
  'metadata-limit-spans-redirects': outcome((result) => ({
    ...result,
    writtenBytes: { app_metadata: 0, user_metadata: 0 },
  })),
  'profile-claims-need-their-scope': outcome((result) => ({
    ...result,
    idTokenClaims: { ...result.idTokenClaims, zoneinfo: 'Europe/Paris' },
  })),

  'error-is-server-error': exchange(
    (run) => run,
    (result) =>
      result.denied?.code === 'server_error'
        ? { ...result, denied: { ...result.denied, code: 'invalid_request' } }
        : result,
  ),
  'later-action-sees-claims': exchange((run) => ({
    ...run,
    actions: run.actions.map((action) => ({
      ...action,
      code: action.code.replace('event.accessToken ??', 'undefined ??'),
    })),
  })),
  'no-profile-claims': exchange(
    (run) => run,
    (result) => ({
      ...result,
      accessTokenClaims: { ...result.accessTokenClaims, zoneinfo: 'Europe/Paris' },
    }),
  ),
}
