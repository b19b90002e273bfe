import type { Services } from '../services.ts'
import type { Client, Tenant } from '../state.ts'
import {
  countFailure,
  forgetFailures,
  isBlocked,
  logBlock,
  type PasswordAttempt,
} from '../users/brute-force-protection.ts'
import { checkPassword } from '../users/check-password.ts'
import type { Organization } from '../users/organizations.ts'
import { recordLogin } from '../users/record-login.ts'
import { takeLogin } from '../users/same-user-limit.ts'
import { log } from '../users/tenant-log.ts'
import type { Authenticated } from './login-state.ts'

export interface PasswordLogin extends PasswordAttempt {
  readonly client: Client
  readonly password: string
  readonly organization: Organization | null
}

export type PasswordLoginEnd =
  | { readonly type: 'entered'; readonly who: Authenticated }
  | { readonly type: 'wrong' }
  /** Nobody can tell whether it is right. `message` is the script's. */
  | { readonly type: 'failed'; readonly message: string }
  /** Not even a right password helps. */
  | { readonly type: 'blocked'; readonly description: string }

/** Of a block by `isBlocked`, in Auth0's words less the mail that is not sent here. */
const accountBlocked = 'Your account has been blocked after multiple consecutive login attempts.'

const tooManyLogins = 'Too many logins with the same username or email.'

/** A login by password, on the page or at the token endpoint: its limits, its check and its logs. */
export async function logInByPassword(
  services: Services,
  login: PasswordLogin,
): Promise<PasswordLoginEnd> {
  const { tenant } = services
  if (!takeLogin(tenant, login)) return { type: 'blocked', description: tooManyLogins }
  if (isBlocked(tenant, login)) return refuseBlocked(tenant, login)
  const { client, connection, organization, password, username } = login
  const check = await checkPassword(services, connection, { username, password, organization })
  const place = { client_id: client.client_id, connection_id: connection.id }
  // Asked again: of many guesses at once most are under way before the first of them is counted.
  if (isBlocked(tenant, login)) return refuseBlocked(tenant, login)
  if (check.type === 'right') {
    forgetFailures(tenant, login)
    return { type: 'entered', who: recordLogin(tenant, connection, check.user) }
  }
  if (check.type === 'failed') {
    log(tenant, { type: 'f', ...place })
    return check
  }
  countFailure(tenant, login)
  const { known, userId } = check
  // https://auth0.com/docs/authenticate/database-connections/custom-db/error-handling
  const type = known ? 'fp' : 'fu'
  log(tenant, { type, ...place, ...(userId !== null && { user_id: userId }) })
  return { type: 'wrong' }
}

function refuseBlocked(tenant: Tenant, login: PasswordLogin): PasswordLoginEnd {
  logBlock(tenant, login)
  return { type: 'blocked', description: accountBlocked }
}
