import { isObject } from '../../../cli/auth0-tenant.ts'
import { event, type Flip } from '../flip.ts'
import { answer, around, request } from '../flip-http.ts'

/** Of users and the Management API. */
export const flipsOfManagementApi: Readonly<Record<string, Flip>> = {
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
  'patched-metadata-merge-at-the-root': request(({ body, route }) => {
    const { app_metadata: metadata } = body
    const named = route === 'PATCH users' && isObject(metadata) && metadata.named !== undefined
    return named ? { ...body, app_metadata: { ...metadata, other: null } } : body
  }),
  'linked-account-is-not-found-by-id': answer((answered, { route }) =>
    route === 'GET users' && answered.status === 404 ? { status: 200, body: {} } : answered,
  ),
  'linked-account-is-found-by-the-primary-address': around(async ({ route }, next) => {
    const answered = await next()
    if (route !== 'GET users-by-email') return answered
    const found: unknown = await answered.json()
    return Response.json(Array.isArray(found) && found.length === 0 ? [{}] : found)
  }),
  'sign-up-says-user-exists': answer((answered) =>
    answered.body.code === 'user_exists'
      ? { status: 400, body: { code: 'invalid_signup' } }
      : answered,
  ),

  'blocked-user-is-unauthorized': answer((answered) =>
    answered.body.error === 'unauthorized'
      ? { ...answered, body: { ...answered.body, error: 'access_denied' } }
      : answered,
  ),
  'deletion-ends-refresh-tokens': (() => {
    let deleted = false
    return around(async ({ body, route }, next) => {
      const answered = await next()
      if (route === 'DELETE users') deleted = true
      if (!deleted || body.grant_type !== 'refresh_token') return answered
      deleted = false
      return Response.json({ access_token: 'still good' })
    })
  })(),

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
  'patched-secrets-replace-the-list': request(({ body, route }) =>
    route === 'PATCH actions/actions' && Array.isArray(body.secrets)
      ? { ...body, secrets: [...body.secrets, { name: 'LEFT_OUT' }] }
      : body,
  ),
  'deploying-twice-does-no-harm': (() => {
    const deployed = new Set<string>()
    return around(async ({ path }, next) => {
      if (!path.endsWith('/deploy')) return next()
      if (deployed.has(path)) return Response.json({}, { status: 409 })
      deployed.add(path)
      return next()
    })
  })(),
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
  'null-app-type-refused': request(({ body, route }) => {
    if (route !== 'PATCH clients' || body.app_type !== null) return body
    const { app_type: _, ...taken } = body
    return taken
  }),
  'deleting-an-unknown-client-is-404': answer((answered, { route }) =>
    route === 'DELETE clients' && answered.status === 404 ? { status: 204, body: {} } : answered,
  ),
}
