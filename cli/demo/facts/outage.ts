import { allOf, type Fact } from '../fact.ts'
import { logIn } from '../login.ts'
import {
  auth0IdOf,
  findUser,
  inMs,
  interruptFirstLogin,
  stampOf,
  timed,
  whileLegacyIs,
} from '../observe.ts'
import { signUp } from '../self-service.ts'
import type { World } from '../world.ts'

export const outageMigratedUsersLogIn: Fact = {
  name: 'outage-migrated-users-log-in',
  async show(world) {
    const migrated = world.legacy.takeUser()
    const waiting = world.legacy.takeUser()
    await logIn(world, migrated)
    const [done, notYet] = await whileLegacyIs(world, 'down', async () => [
      await timed(() => logIn(world, migrated)),
      await logIn(world, waiting),
    ])
    const later = await logIn(world, waiting)
    return allOf([
      [done.result.type === 'tokens', `a migrated user logs in, in ${inMs(done.elapsed)}`],
      [notYet.type === 'rejected', 'one who has not migrated cannot'],
      [later.type === 'tokens', 'but can once the store is back'],
    ])
  },
}

export const outageLeavesNoStamp: Fact = {
  name: 'outage-leaves-no-stamp',
  show: (world) => leavesNoStamp(world, 'down'),
}

export const html404LeavesNoStamp: Fact = {
  name: 'html-404-leaves-no-stamp',
  show: (world) => leavesNoStamp(world, 'html-404'),
}

/** A user whose metadata are lost logs in while the legacy API is out of order, and again afterwards. */
async function leavesNoStamp(world: World, mode: World['frontDoor']['mode']) {
  const user = world.legacy.takeUser()
  await interruptFirstLogin(world, user, () => logIn(world, user))
  const login = await whileLegacyIs(world, mode, () => timed(() => logIn(world, user)))
  const during = await findUser(world, auth0IdOf(user))
  await logIn(world, user)
  const after = await findUser(world, auth0IdOf(user))
  return allOf([
    [login.result.type === 'tokens', `the login goes on, in ${inMs(login.elapsed)}`],
    [Object.keys(stampOf(during)).length === 0, 'nothing is stamped'],
    [stampOf(after).backfill === 'filled', 'and the next login repairs'],
  ])
}

export const outageSignUpRefused: Fact = {
  name: 'outage-sign-up-refused',
  async show(world) {
    const waiting = world.legacy.takeUser()
    const password = 'N3w-Passw0rd!'
    const status = await whileLegacyIs(world, 'down', () => signUp(world, waiting.email, password))
    const thief = await logIn(world, { email: waiting.email, password })
    const owner = await logIn(world, waiting)
    return allOf([
      [status >= 400, `nobody can take a waiting address (${status})`],
      [thief.type === 'rejected', 'whoever tried cannot log in'],
      [owner.type === 'tokens', 'and its owner still can, once the store is back'],
    ])
  },
}
