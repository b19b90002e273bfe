import { allOf, type Fact } from '../fact.ts'
import { logIn } from '../login.ts'
import { auth0IdOf, callsDuring, findUser, interruptFirstLogin, stampOf } from '../observe.ts'

export const interruptedLoginBackfilled: Fact = {
  name: 'interrupted-login-backfilled',
  async show(world) {
    const user = world.legacy.takeUser()
    await interruptFirstLogin(world, user, () => logIn(world, user))
    const broken = await findUser(world, auth0IdOf(user))
    const { calls } = await callsDuring(world, () => logIn(world, user))
    const mended = await findUser(world, auth0IdOf(user))
    const reads = calls.filter((call) => call === 'GET /v1/users/{legacy_id}')
    return allOf([
      [broken !== null && broken.app_metadata?.plan === undefined, 'the metadata were lost'],
      [mended?.app_metadata?.plan === user.app_metadata.plan, 'app_metadata are back'],
      [mended?.user_metadata?.locale === user.user_metadata.locale, 'user_metadata are back'],
      [reads.length === 1, `by ${reads.length} read of the legacy API at the next login`],
      [stampOf(mended).backfill === 'filled', 'the stamp says "filled"'],
    ])
  },
}

export const userEditsKept: Fact = {
  name: 'user-edits-kept',
  async show(world) {
    const user = world.legacy.takeUser()
    await interruptFirstLogin(world, user, () => logIn(world, user))
    await world.management.patch(`users/${encodeURIComponent(auth0IdOf(user))}`, {
      user_metadata: { locale: 'eo' },
      app_metadata: { plan: 'changed in Auth0' },
    })
    await logIn(world, user)
    const mended = await findUser(world, auth0IdOf(user))
    return allOf([
      [mended?.user_metadata?.locale === 'eo', "the user's new locale stays"],
      [mended?.app_metadata?.plan === 'changed in Auth0', 'the plan set in Auth0 stays'],
      [
        mended?.app_metadata?.customer_no === user.app_metadata.customer_no,
        'what was absent is filled in beside them',
      ],
    ])
  },
}
