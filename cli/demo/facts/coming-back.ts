import { allOf, type Fact } from '../fact.ts'
import { logIn } from '../login.ts'
import { auth0IdOf, findUser, stampOf } from '../observe.ts'
import { confirmPasswordChange, requestPasswordChange, signUp } from '../self-service.ts'

export const forgottenPasswordBeforeFirstLogin: Fact = {
  name: 'forgotten-password-before-first-login',
  async show(world) {
    const user = world.legacy.takeUser()
    const mails = world.tenant.tenant.activity.outbox.length
    await requestPasswordChange(world, user.email)
    const mail = world.tenant.tenant.activity.outbox[mails]
    if (mail === undefined) return { holds: false, evidence: 'no mail was sent' }
    await confirmPasswordChange(world, mail.url, 'N3w-Passw0rd!')
    const login = await logIn(world, { email: user.email, password: 'N3w-Passw0rd!' })
    const old = await logIn(world, user)
    const stored = await findUser(world, auth0IdOf(user))
    return allOf([
      [login.type === 'tokens', 'the new password opens the account'],
      [stored?.app_metadata?.plan === user.app_metadata.plan, 'the same account, metadata and all'],
      [old.type === 'rejected', 'the password of the old store is over'],
      [stampOf(stored).mark === 'marked', 'and the user is marked'],
    ])
  },
}

export const emailChangedAwayAndBack: Fact = {
  name: 'email-changed-away-and-back',
  async show(world) {
    const user = world.legacy.takeUser()
    await logIn(world, user)
    const path = `users/${encodeURIComponent(auth0IdOf(user))}`
    await world.management.patch(path, { email: `new.${user.email}` })
    const byOldAddress = await logIn(world, user)
    const byNewAddress = await logIn(world, { ...user, email: `new.${user.email}` })
    await world.management.patch(path, { email: user.email })
    const back = await logIn(world, user)
    return allOf([
      [byOldAddress.type === 'rejected', 'the old address opens nothing'],
      [byNewAddress.type === 'tokens', 'the new one does'],
      [back.type === 'tokens', 'and the user can change back'],
    ])
  },
}

export const deletedUserStaysGone: Fact = {
  name: 'deleted-user-stays-gone',
  async show(world) {
    const user = world.legacy.takeUser()
    await logIn(world, user)
    await world.management.delete(`users/${encodeURIComponent(auth0IdOf(user))}`)
    const again = await logIn(world, user)
    const stored = await findUser(world, auth0IdOf(user))
    return allOf([
      [again.type === 'rejected', 'the right password of the old store is refused'],
      [stored === null, 'and no user is made'],
    ])
  },
}

export const blockedAddressCannotSignUp: Fact = {
  name: 'blocked-address-cannot-sign-up',
  async show(world) {
    const user = world.legacy.takeUser('blocked')
    const login = await logIn(world, user)
    const status = await signUp(world, user.email, 'N3w-Passw0rd!')
    const free = await signUp(world, `free.${user.email}`, 'N3w-Passw0rd!')
    return allOf([
      [login.type === 'rejected', 'a user blocked in the old store cannot log in'],
      [status >= 400, `nor sign up with that address (${status})`],
      [free === 200, 'while another address can'],
    ])
  },
}
