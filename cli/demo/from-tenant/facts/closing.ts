import { allOf, type Fact } from '../../fact.ts'
import { logIn } from '../../login.ts'
import { inMs, timed } from '../../observe.ts'
import { confirmPasswordChange, requestPasswordChange, signUp } from '../../self-service.ts'
import { movedTo, userOn, whileOldTenantIsDown } from '../observe.ts'
import { runCommand } from '../run-command.ts'
import type { FromTenantWorld } from '../world.ts'

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
      await signUp(world, waiting.email, 'N3w-Passw0rd!'),
    ])
    const thief = await logIn(world, { email: waiting.email, password: 'N3w-Passw0rd!' })
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
    const [left, other] = [world.old.takeUser(), world.old.takeUser()]
    await logIn(world, moved)
    const complete = await world.publish('complete')
    const stranger = await logIn(world, left)
    const imported = await runCommand(
      world,
      ['import', 'old-tenant', '--without-passwords', '--yes'],
      { MIGRATION_PHASE: 'complete' },
    )
    const marked = await movedTo(world, left)
    await world.old.tenant.close()
    const old = await logIn(world, left)
    const { outbox } = world.tenant.tenant.activity
    const mails = outbox.length
    await requestPasswordChange(world, left.email)
    const password = 'N3w-Passw0rd!'
    const mail = outbox[mails]
    if (mail !== undefined) await confirmPasswordChange(world, mail.url, password)
    const reset = await logIn(world, { email: left.email, password })
    const stored = await userOn(world, left)
    const migrated = await timed(() => logIn(world, moved))
    const waiting = await userOn(world, other)
    return allOf([
      [complete.exitCode === 0, 'MIGRATION_PHASE is complete'],
      [stranger.type === 'rejected', 'whoever has not moved cannot log in any more'],
      [
        Number(imported.inserted) > 0 && imported.failed === 0,
        `npx migration import old-tenant moves the ${imported.inserted} who are left`,
      ],
      [marked === left.userId, 'and marks them there'],
      [old.type === 'rejected', 'the old tenant is closed: their old password is nobody’s'],
      [reset.type === 'tokens', 'by a mail they set a new one'],
      [stored?.user_id === left.userId, 'and are who they were'],
      [stored?.app_metadata?.plan === left.app_metadata.plan, 'metadata and all'],
      [waiting !== null, 'as is everybody else who was left'],
      [migrated.result.type === 'tokens', `who had moved logs in, in ${inMs(migrated.elapsed)}`],
    ])
  },
}
