import * as oidc from 'openid-client'
import { configure, createTrusted, passwordRealm } from '../../applications.ts'
import { allOf, type Fact } from '../../fact.ts'
import { logIn } from '../../login.ts'
import { confirmPasswordChange, requestPasswordChange } from '../../self-service.ts'
import { movedTo, userOn } from '../observe.ts'
import { enrol, type OldUser } from '../old-tenant.ts'
import type { FromTenantWorld } from '../world.ts'

type FromTenantFact = Fact<FromTenantWorld>

export const newPassword = 'N3w-Passw0rd!'

/** Sets `newPassword` by the link of a mail. @returns False where no mail came. */
export async function resetPassword(world: FromTenantWorld, email: string): Promise<boolean> {
  const { outbox } = world.tenant.tenant.activity
  const mails = outbox.length
  await requestPasswordChange(world, email)
  const mail = outbox[mails]
  if (mail === undefined) return false
  await confirmPasswordChange(world, mail.url, newPassword)
  return true
}

export const forgottenPasswordBeforeFirstLogin: FromTenantFact = {
  name: 'forgotten-password-before-first-login',
  async show(world) {
    const user = world.old.takeUser()
    const mailed = await resetPassword(world, user.email)
    const login = await logIn(world, { email: user.email, password: newPassword })
    const before = await logIn(world, user)
    const stored = await userOn(world, user)
    return allOf([
      [mailed, 'a mail comes'],
      [login.type === 'tokens', 'the new password opens the account'],
      [stored?.app_metadata?.plan === user.app_metadata.plan, 'of the same id, metadata and all'],
      [before.type === 'rejected', 'the password of the old tenant is over'],
      [(await movedTo(world, user)) === user.userId, 'and the user has moved'],
    ])
  },
}

export const secondFactorGoesByReset: FromTenantFact = {
  name: 'second-factor-goes-by-reset',
  async show(world) {
    const user = world.old.takeUser()
    enrol(world.old, user)
    const page = await logIn(world, user)
    const told = await toldByGrant(world, user)
    const nobody = await userOn(world, user)
    const early = await movedTo(world, user)
    const mailed = await resetPassword(world, user.email)
    const login = await logIn(world, { email: user.email, password: newPassword })
    const stored = await userOn(world, user)
    return allOf([
      [
        page.type === 'rejected' && /could not check/i.test(page.message),
        'whom the old tenant asks for a second factor does not read of a wrong password',
      ],
      [
        told.includes('Reset your password'),
        'an application is told that the password is to be reset',
      ],
      [nobody === null && early === undefined, 'and is nowhere yet'],
      [mailed && login.type === 'tokens', 'a mail comes, and the new password opens the account'],
      [stored?.app_metadata?.plan === user.app_metadata.plan, 'of the same id, metadata and all'],
      [(await movedTo(world, user)) === user.userId, 'and the user has moved'],
    ])
  },
}

/** What an application is told that takes passwords itself: a login page has words of its own. */
async function toldByGrant(
  { applications, connection, management, tenant }: FromTenantWorld,
  { email, password }: OldUser,
): Promise<string> {
  const { client_id, client_secret } = await createTrusted(management, connection)
  const client = await configure(tenant.issuer, applications.fetch, client_id, client_secret)
  const asked = { realm: connection, username: email, password, scope: 'openid' }
  return oidc.genericGrantRequest(client, passwordRealm, asked).then(
    () => 'nothing: it got tokens',
    (error: unknown) => {
      if (error instanceof oidc.ResponseBodyError) return error.error_description ?? error.error
      throw error
    },
  )
}
