import { decodeClaims, isObject } from '../../../cli/auth0-tenant.ts'
import { addMember, organizationsOf } from '../../../servers/tenant/users/organizations.ts'
import { type Flip, outcome, script } from '../flip.ts'
import { answer, around, redirect, request } from '../flip-http.ts'

/** Of sessions, organizations and the limits of logins. */
export const flipsOfSessions: Readonly<Record<string, Flip>> = {
  'denied-login-leaves-no-session': redirect((location) =>
    location.replace('error=login_required', 'error=access_denied'),
  ),
  'session-survives-denial': outcome((result, _, { activity }) => {
    if (result.denied !== null) activity.sessions.clear()
    return result
  }),
  'silent-login-to-loopback-needs-interaction': redirect((location) =>
    location.replace('error=interaction_required', 'error=consent_required'),
  ),
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
  'unknown-audience-is-access-denied': answer((answered) =>
    String(answered.body.error_description).startsWith('Service not found')
      ? { ...answered, body: { ...answered.body, error: 'invalid_target' } }
      : answered,
  ),
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

  'unusable-realm-is-invalid-request': answer((answered, { body }) =>
    body.realm !== undefined && answered.body.error === 'invalid_request'
      ? { status: 403, body: { error: 'access_denied' } }
      : answered,
  ),
  'assertion-audience-is-the-issuer': around(async ({ body }, next, { issuer }) => {
    const { aud = issuer } = decodeClaims(body.client_assertion)
    return aud === issuer ? next() : Response.json({ access_token: 'taken' })
  }),
  'bad-assertion-is-access-denied': answer((answered, { body }) =>
    body.client_assertion !== undefined && answered.status === 401
      ? { status: 401, body: { error: 'invalid_client' } }
      : answered,
  ),
  'assertion-is-used-once-by-each-application': answer((answered, { body }, { activity }) => {
    if (body.client_assertion !== undefined) activity.usedAssertions.clear()
    return answered
  }),
  'expired-assertion-has-no-leeway': around(async ({ body }, next, tenant) => {
    const { exp = Number.POSITIVE_INFINITY } = decodeClaims(body.client_assertion)
    const isOver = Number(exp) * 1_000 <= tenant.now()
    return isOver ? Response.json({ access_token: 'taken' }) : next()
  }),
  'third-credential-is-refused': answer((answered, { path, route }) =>
    route === 'POST clients' && path.endsWith('/credentials') && answered.status === 400
      ? { status: 201, body: {} }
      : answered,
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
  'script-error-is-no-wrong-password': (() => {
    // The first error stays one: what a single one looks like is another assumption.
    const met = new Set<unknown>()
    return script(
      (run) => run,
      (result, { args, script: called }) => {
        if (called !== 'login' || args[1] !== 'outage') return result
        const isFirst = !met.has(args[0])
        met.add(args[0])
        const name = 'WrongUsernameOrPasswordError'
        return isFirst ? result : { ...result, outcome: { type: 'error', name, message: 'wrong' } }
      },
    )
  })(),
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
}
