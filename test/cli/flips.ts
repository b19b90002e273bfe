import { addMember, organizationsOf } from '../../servers/tenant/users/organizations.ts'
import {
  apiMethod,
  aroundActions,
  event,
  exchange,
  type Flip,
  outcome,
  profile,
  script,
} from './flip.ts'
import { answer, around, redirect, request } from './flip-http.ts'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** What Actions set, when those of the Action that denied or threw are all that is kept. */
const onlyOfTheDenying = (byDeny: boolean) =>
  outcome((result) => {
    const { calls, denied } = result
    if (denied === null) return result
    if (calls.some(({ method }) => method === 'access.deny') !== byDeny) return result
    const own = calls.filter(
      ({ action, method }) => action === denied.action && method === 'user.setAppMetadata',
    )
    return {
      ...result,
      appMetadata: Object.fromEntries(own.map(({ args }) => args as [string, unknown])),
    }
  })

/** For each probe what makes its assumption false on the stand-in tenant, and nothing else. */
export const flips: Readonly<Record<string, Flip>> = {
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

  'denied-login-leaves-no-session': redirect((location) =>
    location.replace('error=login_required', 'error=access_denied'),
  ),
  'session-survives-denial': outcome((result, _, { activity }) => {
    if (result.denied !== null) activity.sessions.clear()
    return result
  }),
  'password-change-keeps-refresh-tokens': answer((answered, { body, route }, { activity }) => {
    if (route === 'PATCH users' && body.password !== undefined) activity.refreshTokens.clear()
    return answered
  }),
  'denied-exchange-does-not-rotate': outcome((result, run, { activity }) => {
    const exchange = run.event.transaction?.protocol === 'oauth2-refresh-token'
    if (result.denied !== null && exchange) activity.refreshTokens.clear()
    return result
  }),
  'unnamed-audience-is-ignored': answer((answered, { body }, { state }) => {
    if (body.grant_type !== 'refresh_token' || body.audience === undefined) return answered
    const settings = state.clients.get(String(body.client_id))?.refresh_token
    const named = isObject(settings) && settings.policies !== undefined
    return named ? answered : { status: 403, body: { error: 'access_denied' } }
  }),
  'unknown-client-is-access-denied': answer((answered, { body, route }, { state }) => {
    const unknown = route === 'POST oauth/token' && !state.clients.has(String(body.client_id))
    return unknown ? { status: 401, body: { error: 'invalid_client' } } : answered
  }),
  'scopes-above-the-grant-refused': request(({ body }) =>
    body.grant_type === 'client_credentials' && body.scope === 'read:things write:things'
      ? { ...body, scope: 'read:things' }
      : body,
  ),
  'unregistered-scopes-dropped': answer((answered, { body }) =>
    String(body.scope).includes('sell:things')
      ? { status: 403, body: { error: 'invalid_scope' } }
      : answered,
  ),
  'revocation-ends-rotated-tokens': around(async ({ route }, next) =>
    route === 'POST oauth/revoke' ? new Response(null, { status: 200 }) : next(),
  ),

  'membership-checked-before-actions': around(async ({ route }, next, tenant) => {
    const answered = await next()
    if (route === 'POST organizations') {
      for (const organization of organizationsOf(tenant).values()) {
        for (const id of tenant.state.users.keys()) addMember(tenant, organization, id)
      }
    }
    return answered
  }),
  'assigned-membership-survives-denial': outcome((result, run, { state }) => {
    if (result.denied !== null && run.event.organization !== undefined) {
      state.others.get('organization_members')?.clear()
    }
    return result
  }),
  'brute-force-blocks-who-is-not-migrated': script(
    (run) => run,
    (result, { args, script: called }, { activity }) => {
      if (called === 'login' && args[1] === 'wrong') activity.failedLogins.clear()
      return result
    },
  ),
  'script-error-is-no-wrong-password': script(
    (run) => run,
    (result, { args, script: called }) =>
      called === 'login' && args[1] === 'outage'
        ? {
            ...result,
            outcome: { type: 'error', name: 'WrongUsernameOrPasswordError', message: 'wrong' },
          }
        : result,
  ),
  'same-user-limit-counts-right-passwords': (() => {
    let before: Promise<unknown> = Promise.resolve()
    return around(async ({ route }, next, { activity }) => {
      if (route !== 'POST oauth/token') return next()
      const login = before.then(() => {
        activity.loginBuckets.clear()
        return next()
      })
      before = login
      return login
    })
  })(),

  'login-gets-identifier-as-typed': script((run) =>
    run.script === 'login'
      ? { ...run, args: [String(run.args[0]).toLowerCase(), ...run.args.slice(1)] }
      : run,
  ),
  'get-user-gets-lower-case': script((run) =>
    run.script === 'get_user'
      ? { ...run, args: [String(run.args[0]).replace('migration', 'Migration')] }
      : run,
  ),
  'unknown-profile-members-dropped': answer((answered, { route, path }) =>
    route === 'GET users' && path !== 'users'
      ? { ...answered, body: { ...answered.body, shoe_size: 42 } }
      : answered,
  ),
  'wrong-typed-profile-member-fails-import': profile(({ given_name: name, ...rest }) => ({
    ...rest,
    ...(name !== undefined && { given_name: String(name) }),
  })),
  'forbidden-metadata-fails-import': profile(({ app_metadata: metadata, ...rest }) => {
    if (!isObject(metadata)) return rest
    const { email: _, ...allowed } = metadata
    return { ...rest, app_metadata: allowed }
  }),
  'taken-id-or-address-fails-import': profile((handedOver, { args }) =>
    String(args[1]).includes('!user_id!')
      ? { ...handedOver, user_id: `${handedOver.user_id}-2` }
      : handedOver,
  ),
  'first-logins-at-once-are-one-user': (() => {
    const underWay = new Set<unknown>()
    return around(async ({ body }, next) => {
      const { username } = body
      if (username === undefined) return next()
      if (underWay.has(username)) return Response.json({ error: 'access_denied' }, { status: 403 })
      underWay.add(username)
      return next().finally(() => underWay.delete(username))
    })
  })(),
  'administrator-email-change-asks-get-user': script(
    (run) => run,
    (result, { args, script: called }) =>
      called === 'get_user' && String(args[0]).startsWith('taken-')
        ? { ...result, outcome: { type: 'not-found' } }
        : result,
  ),
  'callback-is-the-last-argument': script((run) => ({ ...run, args: run.args.slice(0, 2) })),
  'global-outlives-a-call': { switches: { warm: false } },
  'import-fires-no-registration-action': script(
    (run) => run,
    (result, _, { state }) =>
      (state.bindings.get('pre-user-registration') ?? []).length > 0
        ? { ...result, outcome: { type: 'error', name: 'Error', message: 'denied' } }
        : result,
  ),
  'first-argument-is-what-was-typed': script(
    (run) => run,
    (result) =>
      result.outcome.type === 'error' && result.outcome.knownUser === true
        ? { ...result, outcome: { ...result.outcome, knownUser: false } }
        : result,
  ),

  'nested-forbidden-names-taken': answer((answered, { body }) =>
    isObject(body.app_metadata) && body.app_metadata.contact !== undefined
      ? { status: 400, body: {} }
      : answered,
  ),
  'nested-dots-refused': answer((answered, { body }) =>
    isObject(body.app_metadata) && body.app_metadata.nested !== undefined
      ? { status: 200, body: {} }
      : answered,
  ),
  'linked-account-brings-no-metadata': event((seen) =>
    seen.user.identities.length > 1
      ? {
          ...seen,
          user: { ...seen.user, app_metadata: { ...seen.user.app_metadata, linked: true } },
        }
      : seen,
  ),
  'sign-up-says-user-exists': answer((answered) =>
    answered.body.code === 'user_exists'
      ? { status: 400, body: { code: 'invalid_signup' } }
      : answered,
  ),

  'code-limit-is-100000-bytes': request(({ body, route }) => {
    const { length } = String(body.code ?? '')
    const between = route === 'POST actions/actions' && length > 100_000 && length <= 102_400
    return between ? { ...body, code: '' } : body
  }),
  'oversized-code-fails-the-build': answer((answered, { body }) =>
    String(body.code ?? '').length > 102_400 ? { status: 400, body: {} } : answered,
  ),
  'failed-build-says-why-in-versions': answer((answered, { path }) =>
    path.endsWith('/versions') ? { ...answered, body: { versions: [] } } : answered,
  ),
  'failed-draft-deploys-like-a-pending-one': answer((answered, { path }) =>
    path.endsWith('/deploy') && answered.status === 400
      ? { status: 400, body: { message: 'The build has failed.' } }
      : answered,
  ),
  'unlisted-runtime-refused': request(({ body }) =>
    body.runtime === 'node12' ? { ...body, runtime: 'node22' } : body,
  ),
  'new-secret-needs-a-value': request(({ body }) =>
    Array.isArray(body.secrets)
      ? { ...body, secrets: body.secrets.map((secret) => ({ value: '', ...secret })) }
      : body,
  ),
  'encrypted-configuration-recognised': request(({ body, route }) => {
    const { options } = body
    if (route !== 'PATCH connections' || !isObject(options)) return body
    return { ...body, options: { ...options, configuration: { PROBE: 'taken as it came' } } }
  }),
  'conflict-codes': answer((answered) =>
    answered.status === 409
      ? { ...answered, body: { ...answered.body, errorCode: 'conflict' } }
      : answered,
  ),
  'deleting-an-unknown-client-is-404': answer((answered, { route }) =>
    route === 'DELETE clients' && answered.status === 404 ? { status: 204, body: {} } : answered,
  ),
}
