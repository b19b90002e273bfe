import { Hono, type MiddlewareHandler } from 'hono'
import { type AccessTokenPolicy, checkAccessToken } from './access-token.ts'
import type { Database } from './database.ts'
import { LegacyApiError } from './errors.ts'
import { untypedProblem } from './problem.ts'
import {
  answerFailure,
  logRequests,
  type RequestLogEntry,
  type RequestVariables,
} from './request-log.ts'
import { authenticate } from './routes/authenticate.ts'
import { countMigration } from './routes/counts.ts'
import { exportUsers } from './routes/export.ts'
import { lookUpUser } from './routes/lookup.ts'
import { markMigrated, unmarkMigrated } from './routes/migration.ts'
import type { Operation } from './routes/operation.ts'
import { readUser } from './routes/user.ts'

export interface LegacyApiOptions extends AccessTokenPolicy {
  readonly database: Database
  /** Called once for every answer. */
  readonly onRequest?: (entry: RequestLogEntry) => void
}

/** By the contract's path templates; concrete paths come before the templates that they match. */
const paths: Readonly<Record<string, readonly Operation[]>> = {
  '/v1/users/authenticate': [authenticate],
  '/v1/users/lookup': [lookUpUser],
  '/v1/users/{legacy_id}': [readUser],
  '/v1/users/{legacy_id}/migration': [markMigrated, unmarkMigrated],
  '/v1/users': [exportUsers],
  '/v1/migration': [countMigration],
}

/**
 * The legacy API's contract (openapi.yaml) over a database.
 *
 * @throws {LegacyApiError} `setting_invalid` when the issuer has no trailing slash.
 */
export function createLegacyApi(options: LegacyApiOptions): Hono<RequestVariables> {
  if (!options.issuer.endsWith('/')) {
    throw new LegacyApiError('setting_invalid', 'issuer must end with a slash')
  }
  // Routes match the path as it was sent: decoded, an id could be taken for a path of its own.
  const app = new Hono<RequestVariables>({ getPath: (request) => new URL(request.url).pathname })
  if (options.onRequest !== undefined) app.use(logRequests(options.onRequest))
  app.use(forbidStoring)
  for (const [path, operations] of Object.entries(paths)) addPath(app, path, operations, options)
  app.notFound(() => untypedProblem(404))
  app.onError(answerFailure)
  return app
}

function addPath(
  app: Hono<RequestVariables>,
  path: string,
  operations: readonly Operation[],
  options: LegacyApiOptions,
): void {
  const pattern = path.replace('{legacy_id}', ':legacy_id')
  const methods: readonly string[] = operations.map(({ method }) => method)
  app.all(pattern, async (c, next) => {
    c.set('route', path)
    // Also what keeps HEAD out, which Hono would run GET for and the contract does not have.
    if (!methods.includes(c.req.method)) {
      return untypedProblem(405, undefined, { allow: methods.join(', ') })
    }
    return next()
  })
  for (const { method, scope, handle } of operations) {
    app.on(method, pattern, requireToken(scope, options), (c) => handle(c.req.raw, options))
  }
}

function requireToken(
  scope: string,
  policy: AccessTokenPolicy,
): MiddlewareHandler<RequestVariables> {
  return async (c, next) => {
    const verdict = await checkAccessToken(c.req.header('authorization'), scope, policy)
    if (verdict === 'accepted') return next()
    return untypedProblem(verdict === 'invalid_token' ? 401 : 403, undefined, {
      'www-authenticate': `Bearer error="${verdict}"`,
    })
  }
}

/** Answers hold profiles: nothing on the way may keep them. */
const forbidStoring: MiddlewareHandler<RequestVariables> = async (c, next) => {
  await next()
  c.res.headers.set('cache-control', 'no-store')
}
