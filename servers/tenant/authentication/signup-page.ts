import type { Context } from 'hono'
import { signupPage } from '../pages/signup.ts'
import type { Services } from '../services.ts'
import { passwordHint } from '../users/passwords.ts'
import { recordLogin } from '../users/record-login.ts'
import { enterApplication } from './enter-application.ts'
import { OAuthError } from './oauth-error.ts'
import { type OpenPage, openPage } from './open-page.ts'
import { bodyParameters, type Parameters } from './parameters.ts'
import { type SignupEnd, signUp } from './signup.ts'

/** GET /u/signup: the page. */
export function showSignup(c: Context, { tenant }: Services): Response | Promise<Response> {
  const page = openSignup(c, tenant, c.req.query('state'))
  const email = page.transaction.request.loginHint ?? ''
  const hint = passwordHint(page.connection.options)
  return signupPage(c, { ...page, email, username: '', error: null, passwordHint: hint })
}

/** POST /u/signup: the page's form. Whoever signs up is logged in, and the Actions run. */
export async function submitSignup(c: Context, services: Services): Promise<Response> {
  const form = await bodyParameters(c)
  const page = openSignup(c, services.tenant, form.state)
  const end = await tryToSignUp(services, page, form)
  if (end.type === 'signed-up') {
    const who = recordLogin(services.tenant, page.connection, end.user)
    return enterApplication(c, services, { ...page, who })
  }
  const { email = '', username = '' } = form
  const hint = passwordHint(page.connection.options)
  const again = { ...page, email, username, error: sentenceOf(end), passwordHint: hint }
  return signupPage(c, again, end.code === 'unavailable' ? 503 : 400)
}

type Refusal = { readonly code: string; readonly description: string }

async function tryToSignUp(
  services: Services,
  { client, connection }: OpenPage,
  { email, password, username }: Parameters,
): Promise<SignupEnd | (Refusal & { readonly type: 'incomplete' })> {
  const body = { email, password, ...(username && { username }) }
  try {
    return await signUp(services, client, connection, body)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return { type: 'incomplete', code: error.code, description: error.description }
  }
}

function sentenceOf({ code, description }: Refusal): string {
  switch (code) {
    case 'invalid_password':
      return description
    case 'invalid_request':
      return 'Enter your email address and a password, and your username where it is asked for.'
    case 'unavailable':
      return 'We could not make your account. Try again in a few minutes.'
    case 'user_exists':
      return 'There is an account with that name already. Log in, or choose another.'
    default:
      return 'We could not make your account.'
  }
}

/** @throws {OAuthError} Also where strangers may not sign up. */
function openSignup(c: Context, tenant: Services['tenant'], state: string | undefined): OpenPage {
  const page = openPage(c, tenant, state)
  if (page.signupIsOpen) return page
  throw new OAuthError('access_denied', 'Nobody can sign up here.')
}
