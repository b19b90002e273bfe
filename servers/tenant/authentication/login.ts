import type { Context } from 'hono'
import { loginPage } from '../pages/login.ts'
import type { Services } from '../services.ts'
import { clientAddress } from './client-address.ts'
import { enterApplication } from './enter-application.ts'
import { openPage } from './open-page.ts'
import { bodyParameters } from './parameters.ts'
import { logInByPassword } from './password-login.ts'

/** GET /u/login: the page. */
export function showLogin(c: Context, { tenant }: Services): Response | Promise<Response> {
  const page = openPage(c, tenant, c.req.query('state'))
  const username = page.transaction.request.loginHint ?? ''
  return loginPage(c, { ...page, username, error: null })
}

/** POST /u/login: the page's form. */
export async function submitLogin(c: Context, services: Services): Promise<Response> {
  const form = await bodyParameters(c)
  const page = openPage(c, services.tenant, form.state)
  const { username = '', password = '' } = form
  const again = (status: 400 | 429 | 503, error: string) =>
    loginPage(c, { ...page, username, error }, status)
  if (username === '' || password === '') {
    return again(400, 'Enter your email address or username, and your password.')
  }
  const ip = clientAddress(c)
  const end = await logInByPassword(services, { ...page, username, password, ip })
  switch (end.type) {
    case 'entered':
      return enterApplication(c, services, { ...page, who: end.who })
    case 'blocked':
      return again(429, end.description)
    case 'failed':
      return again(503, 'We could not check your password. Try again in a few minutes.')
    case 'wrong':
      return again(400, 'Wrong email or password.')
  }
}
