import { type Context, Hono, type MiddlewareHandler } from 'hono'
import type { Runtime } from '../../../actions-testing/runtime.ts'
import { limitBody } from '../limit-body.ts'
import { errorPage } from '../pages/error.ts'
import type { TokenServices } from '../services.ts'
import type { SigningKeys } from '../signing-keys.ts'
import type { Tenant } from '../state.ts'
import { logOutOfAccount, showAccount } from './account.ts'
import { authorize } from './authorize.ts'
import { showPasswordChange, submitPasswordChange } from './change-password.ts'
import { continueLogin } from './continue.ts'
import { allowOrigins } from './cross-origin.ts'
import { discovery, publishedKeys } from './discovery.ts'
import { showLogin, submitLogin } from './login.ts'
import { logout } from './logout.ts'
import { OAuthError } from './oauth-error.ts'
import { oidcLogout } from './oidc-logout.ts'
import {
  requestPasswordChange,
  showForgotPassword,
  submitForgotPassword,
} from './request-password-change.ts'
import { revoke } from './revoke.ts'
import { signup } from './signup.ts'
import { showSignup, submitSignup } from './signup-page.ts'
import { token } from './token.ts'
import { userinfo } from './userinfo.ts'

/** Bytes. Ours, not Auth0's: no request of these endpoints is larger. */
const largestBody = 65_536

/** Pages for people: their errors are pages too. */
const pages = new Set(['/authorize', '/continue', '/oidc/logout', '/v2/logout'])

/** The Authentication API of a tenant: what applications and browsers talk to. */
export function authenticationApi(tenant: Tenant, keys: SigningKeys, runtime: Runtime): Hono {
  const services = { tenant, keys, runtime }
  const app = new Hono()
  const limit = limitBody(largestBody, refuseBody)
  allowOrigins(app, tenant)
  addPages(app, services, limit)
  app.get('/.well-known/jwks.json', (c) => c.json(publishedKeys(tenant)))
  app.get('/.well-known/openid-configuration', (c) => c.json(discovery(tenant)))
  app.post('/oauth/token', limit, (c) => token(c, services))
  app.post('/oauth/revoke', limit, (c) => revoke(c, tenant))
  app.on(['GET', 'POST'], '/userinfo', limit, (c) => userinfo(c, tenant))
  app.post('/dbconnections/signup', limit, (c) => signup(c, services))
  app.post('/dbconnections/change_password', limit, (c) => requestPasswordChange(c, services))
  app.onError(answerError)
  return app
}

/** Where browsers go, and not applications. */
function addPages(app: Hono, services: TokenServices, limit: MiddlewareHandler): void {
  app.on(['GET', 'POST'], '/authorize', limit, (c) => authorize(c, services))
  app.on(['GET', 'POST'], '/continue', limit, (c) => continueLogin(c, services))
  app.get('/v2/logout', (c) => logout(c, services.tenant))
  app.on(['GET', 'POST'], '/oidc/logout', limit, (c) => oidcLogout(c, services.tenant))
  app.get('/u/login', (c) => showLogin(c, services))
  app.post('/u/login', limit, (c) => submitLogin(c, services))
  app.get('/u/signup', (c) => showSignup(c, services))
  app.post('/u/signup', limit, (c) => submitSignup(c, services))
  app.get('/u/reset-password/request', (c) => showForgotPassword(c, services))
  app.post('/u/reset-password/request', limit, (c) => submitForgotPassword(c, services))
  app.get('/u/reset-password', (c) => showPasswordChange(c, services))
  app.post('/u/reset-password', limit, (c) => submitPasswordChange(c, services))
  app.get('/u/account', (c) => showAccount(c, services))
  app.post('/u/account/logout', limit, (c) => logOutOfAccount(c, services))
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
  if (pages.has(c.req.path) || c.req.path.startsWith('/u/')) return errorPage(c, error)
  const { code, description, details, status } = error
  c.header('cache-control', 'no-store')
  if (status === 401 && c.req.header('authorization')) c.header('www-authenticate', 'Basic')
  return c.json({ error: code, error_description: description, ...details }, status)
}
