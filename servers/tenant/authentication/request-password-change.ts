import type { Context } from 'hono'
import { forgotPasswordPage, mailSentPage } from '../pages/forgot-password.ts'
import type { Services } from '../services.ts'
import type { Client, Connection } from '../state.ts'
import { checkAddress } from '../users/check-address.ts'
import { findByEmail } from '../users/find-user.ts'
import { isEmail } from '../users/imported-profile.ts'
import { normalizeEmail } from '../users/normalize-email.ts'
import { log } from '../users/tenant-log.ts'
import type { PasswordTicket } from './login-state.ts'
import { openPage } from './open-page.ts'
import { bodyObject, bodyParameters } from './parameters.ts'
import { createPasswordTicket } from './password-tickets.ts'
import { database } from './signup.ts'
import { emailOf } from './signup-body.ts'

/**
 * POST /dbconnections/change_password. The answer is the same whether or not the address is known;
 * only a get_user that fails shows.
 *
 * @see https://auth0.com/docs/api/authentication/change-password
 */
export async function requestPasswordChange(c: Context, services: Services): Promise<Response> {
  const body = await bodyObject(c)
  const { client, connection } = database(services.tenant, body)
  const failure = await sendPasswordMail(services, client, connection, emailOf(body))
  if (failure !== null) return c.json({ error: failure }, 400)
  return c.text("We've just sent you an email to reset your password.")
}

/** GET /u/reset-password/request: the page that a login page leads to. */
export function showForgotPassword(c: Context, { tenant }: Services) {
  const page = openPage(c, tenant, c.req.query('state'))
  const email = page.transaction.request.loginHint ?? ''
  return forgotPasswordPage(c, { ...page, email, error: null })
}

/** POST /u/reset-password/request: the page's form. */
export async function submitForgotPassword(c: Context, services: Services): Promise<Response> {
  const form = await bodyParameters(c)
  const page = openPage(c, services.tenant, form.state)
  const email = normalizeEmail(form.email ?? '')
  if (!isEmail(email)) {
    return forgotPasswordPage(c, { ...page, email, error: 'Enter your email address.' }, 400)
  }
  const failure = await sendPasswordMail(services, page.client, page.connection, email)
  if (failure === null) return mailSentPage(c, page)
  const error = 'We could not look for your account. Try again in a few minutes.'
  return forgotPasswordPage(c, { ...page, email, error }, 503)
}

/**
 * Sends the mail to whom the address belongs, a user of the tenant or one who is still to be
 * migrated, and to nobody else.
 *
 * @param email Normalised.
 * @returns Why nobody can tell; null when it is done, whether or not there was anybody.
 */
async function sendPasswordMail(
  services: Services,
  client: Client,
  connection: Connection,
  email: string,
): Promise<string | null> {
  const { tenant } = services
  const place = { client_id: client.client_id, connection_id: connection.id }
  const check = await checkAddress(services, connection, 'email', email)
  if (check.type === 'failed') {
    log(tenant, { type: 'fcpr', ...place })
    return check.message
  }
  const send = (target: PasswordTicket['target']) => {
    const url = createPasswordTicket(tenant, connection, target)
    const mail = { to: email, kind: 'change_password', url } as const
    tenant.activity.outbox.push(mail)
    tenant.onMail?.(mail)
  }
  if (check.type === 'awaits-import') send({ type: 'import', profile: check.profile })
  const found = findByEmail(tenant, connection, email)
  if (found !== null) {
    send({ type: 'user', userId: found.user.profile.user_id, identity: found.identity })
  }
  log(tenant, { type: 'scpr', ...place })
  return null
}
