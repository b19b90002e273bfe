import { isNoOp } from '../../../publish/no-op.ts'
import { allOf, type Fact } from '../../fact.ts'
import { logIn } from '../../login.ts'
import { inMs, timed } from '../../observe.ts'
import { signUp } from '../../self-service.ts'
import { movedTo, userOn, whileOldTenantIsDown } from '../observe.ts'
import { runCommand } from '../run-command.ts'
import type { FromTenantWorld } from '../world.ts'
import { newPassword, resetPassword } from './resetting.ts'

type FromTenantFact = Fact<FromTenantWorld>

export const oldTenantDown: FromTenantFact = {
  name: 'old-tenant-down',
  async show(world) {
    const moved = world.old.takeUser()
    const waiting = world.old.takeUser()
    await logIn(world, moved)
    const [done, notYet, taken] = await whileOldTenantIsDown(world, async () => [
      await timed(() => logIn(world, moved)),
      await logIn(world, waiting),
      await signUp(world, waiting.email, newPassword),
    ])
    const thief = await logIn(world, { email: waiting.email, password: newPassword })
    const nobody = await userOn(world, waiting)
    const later = await logIn(world, waiting)
    return allOf([
      [done.result.type === 'tokens', `a user who has moved logs in, in ${inMs(done.elapsed)}`],
      [notYet.type === 'rejected', 'one who has not cannot'],
      [taken >= 400 && thief.type === 'rejected', `and nobody can take their address (${taken})`],
      [nobody === null, 'nothing is half there'],
      [later.type === 'tokens', 'once it is back they can'],
    ])
  },
}

/** The last one: after it there is no old tenant. */
export const oldTenantClosedForGood: FromTenantFact = {
  name: 'old-tenant-closed-for-good',
  async show(world) {
    const moved = world.old.takeUser()
    const left = world.old.takeUser()
    await logIn(world, moved)
    await runCommand(world, ['phase', 'complete', '--yes'])
    const stranger = await logIn(world, left)
    const imported = await runCommand(world, importArgs)
    const marked = await movedTo(world, left)
    const complete = await runCommand(world, completeArgs)
    await world.old.tenant.close()
    const old = await logIn(world, left)
    await resetPassword(world, left.email)
    const reset = await logIn(world, { email: left.email, password: newPassword })
    const stored = await userOn(world, left)
    const migrated = await timed(() => logIn(world, moved))
    return allOf([
      [stranger.type === 'rejected', 'lazy logins end: whoever has not moved cannot log in'],
      [
        Number(imported.inserted) > 0 && imported.failed === 0,
        `npx migration import old-tenant moves the ${imported.inserted} who are left`,
      ],
      [marked === left.userId, 'and marks them there'],
      [
        complete.changed === true && complete.remaining === 0,
        'npx migration complete finds nobody left (it waits 5 days for links in mails, here none)',
      ],
      [await findsNobody(world), 'and the scripts ask nobody any more'],
      [old.type === 'rejected', 'the old tenant is closed: a password of its own opens nothing'],
      [reset.type === 'tokens', 'who has none sets one by a mail'],
      [stored?.user_id === left.userId, 'and is who they were'],
      [stored?.app_metadata?.plan === left.app_metadata.plan, 'metadata and all'],
      [migrated.result.type === 'tokens', `who had moved logs in, in ${inMs(migrated.elapsed)}`],
    ])
  },
}

const importArgs = ['import', 'old-tenant', '--without-passwords', '--yes']
const completeArgs = ['complete', '--reset-link-lifetime', '0', '--yes']

interface ShownConnection {
  readonly name: string
  readonly options: { readonly customScripts?: Readonly<Record<string, string>> }
}

/** Both scripts of the connection are the no-op forms of the build. */
async function findsNobody(world: FromTenantWorld): Promise<boolean> {
  const connections = await world.management.get<readonly ShownConnection[]>('connections')
  const ours = connections.find(({ name }) => name === world.connection)
  const scripts = Object.values(ours?.options.customScripts ?? {})
  return scripts.length === 2 && scripts.every(isNoOp)
}
