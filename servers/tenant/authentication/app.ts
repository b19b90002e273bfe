import { type Context, Hono } from 'hono'
import type { Runtime } from '../../../actions-testing/runtime.ts'
import { limitBody } from '../limit-body.ts'
import { errorPage } from '../pages/error.ts'
import type { SigningKeys } from '../signing-keys.ts'
import type { Tenant } from '../state.ts'
import { authorize } from './authorize.ts'
import {
  requestPasswordChange,
  showPasswordChange,
  submitPasswordChange,
} from './change-password.ts'
import { discovery } from './discovery.ts'
import { showLogin, submitLogin } from './login.ts'
import { logout } from './logout.ts'
import { OAuthError } from './oauth-error.ts'
import { signup } from './signup.ts'
import { token } from './token.ts'
import { userinfo } from './userinfo.ts'

/** Bytes. Ours, not Auth0's: no request of these endpoints is larger. */
const largestBody = 65_536

/** Pages for people: their errors are pages too. */
const pages = new Set(['/authorize', '/u/login', '/u/reset-password', '/v2/logout'])

/** The Authentication API of a tenant: what applications and browsers talk to. */
export function authenticationApi(tenant: Tenant, keys: SigningKeys, runtime: Runtime): Hono {
  const services = { tenant, keys, runtime }
  const app = new Hono()
  const limit = limitBody(largestBody, refuseBody)
  app.get('/.well-known/jwks.json', (c) => c.json(tenant.jwks))
  app.get('/.well-known/openid-configuration', (c) => c.json(discovery(tenant)))
  app.on(['GET', 'POST'], '/authorize', limit, (c) => authorize(c, services))
  app.get('/u/login', (c) => showLogin(c, services))
  app.post('/u/login', limit, (c) => submitLogin(c, services))
  app.post('/oauth/token', limit, (c) => token(c, services))
  app.on(['GET', 'POST'], '/userinfo', limit, (c) => userinfo(c, tenant))
  app.get('/v2/logout', (c) => logout(c, tenant))
  app.post('/dbconnections/signup', limit, (c) => signup(c, services))
  app.post('/dbconnections/change_password', limit, (c) => requestPasswordChange(c, services))
  app.get('/u/reset-password', (c) => showPasswordChange(c, services))
  app.post('/u/reset-password', limit, (c) => submitPasswordChange(c, services))
  app.onError(answerError)
  return app
}

function refuseBody(c: Context): Response {
  return c.json({ error: 'invalid_request', error_description: 'The body is too large.' }, 413)
}

/** What nobody foresaw is told to nobody: its message may hold anything. */
function answerError(error: Error, c: Context): Response | Promise<Response> {
  if (!(error instanceof OAuthError)) {
    console.error(`tenant: ${c.req.method} ${c.req.path} failed: ${error.name}`)
    return c.json({ error: 'server_error', error_description: 'Something went wrong.' }, 500)
  }
  if (pages.has(c.req.path)) return errorPage(c, error)
  const { code, description, status } = error
  c.header('cache-control', 'no-store')
  if (status === 401 && c.req.header('authorization')) c.header('www-authenticate', 'Basic')
  return c.json({ error: code, error_description: description }, status)
}
