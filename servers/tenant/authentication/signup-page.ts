import type { Context } from 'hono'
import { type SignupForm, signupPage } from '../pages/signup.ts'
import type { Services } from '../services.ts'
import { passwordHint } from '../users/passwords.ts'
import { recordLogin } from '../users/record-login.ts'
import type { Denial } from '../users/user-triggers.ts'
import { enterApplication } from './enter-application.ts'
import { OAuthError } from './oauth-error.ts'
import { pageOccasionOf } from './occasion.ts'
import { type OpenPage, openPage } from './open-page.ts'
import { bodyParameters, type Parameters } from './parameters.ts'
import { type SignupEnd, type SignupPlace, signUp } from './signup.ts'

/** GET /u/signup: the page. */
export function showSignup(c: Context, { tenant }: Services): Response | Promise<Response> {
  const page = openSignup(c, tenant, c.req.query('state'))
  const email = page.transaction.request.loginHint ?? ''
  const hint = passwordHint(page.connection.options)
  const form = { ...page, email, username: '', error: null, wrongFields: [], passwordHint: hint }
  return signupPage(c, form)
}

/** POST /u/signup: the page's form. Whoever signs up is logged in, and the Actions run. */
export async function submitSignup(c: Context, services: Services): Promise<Response> {
  const form = await bodyParameters(c)
  const page = openSignup(c, services.tenant, form.state)
  const occasion = pageOccasionOf(c, services.tenant, form, page)
  const end = await tryToSignUp(services, { ...page, occasion }, form)
  if (end.type === 'signed-up') {
    const who = recordLogin(services.tenant, page.connection, end.user)
    return enterApplication(c, services, { ...page, who })
  }
  const { email = '', username = '' } = form
  const hint = passwordHint(page.connection.options)
  const refusal = end.type === 'denied' ? denialOf(end) : refusalOf(end)
  const again = { ...page, email, username, ...refusal, passwordHint: hint }
  return signupPage(c, again, end.type === 'refused' && end.code === 'unavailable' ? 503 : 400)
}

type Refusal = { readonly code: string; readonly description: string }

async function tryToSignUp(
  services: Services,
  place: SignupPlace,
  { email, password, username }: Parameters,
): Promise<SignupEnd | (Refusal & { readonly type: 'incomplete' })> {
  const body = { email, password, ...(username && { username }) }
  try {
    return await signUp(services, place, body)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return { type: 'incomplete', code: error.code, description: error.description }
  }
}

type Shown = Pick<SignupForm, 'error' | 'wrongFields'>

/** What an Action says to the person, and not why it says so. */
function denialOf({ userMessage }: Denial): Shown {
  return { error: userMessage ?? 'We could not make your account.', wrongFields: [] }
}

const names = ['email', 'username'] as const

function refusalOf({ code, description }: Refusal): Shown {
  switch (code) {
    case 'invalid_password':
      return { error: description, wrongFields: ['password'] }
    case 'invalid_request':
      return { error: 'Enter an email address, and fill in every field.', wrongFields: names }
    case 'unavailable':
      return {
        error: 'We could not make your account. Try again in a few minutes.',
        wrongFields: [],
      }
    case 'user_exists': {
      const error = 'There is an account with that name already. Log in, or choose another.'
      return { error, wrongFields: names }
    }
    default:
      return { error: 'We could not make your account.', wrongFields: [] }
  }
}

/** @throws {OAuthError} Also where strangers may not sign up. */
function openSignup(c: Context, tenant: Services['tenant'], state: string | undefined): OpenPage {
  const page = openPage(c, tenant, state)
  if (page.signupIsOpen) return page
  throw new OAuthError('access_denied', 'Nobody can sign up here.')
}
