import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { allOf, type Fact } from '../../fact.ts'
import { logIn } from '../../login.ts'
import { claimNamespace } from '../../world.ts'
import { movedTo, oldCallsDuring, userOn } from '../observe.ts'
import { organization, role } from '../old-tenant.ts'
import { runCommand } from '../run-command.ts'
import type { FromTenantWorld } from '../world.ts'

type FromTenantFact = Fact<FromTenantWorld>

interface ShownAction {
  readonly name: string
  readonly code: string
  readonly status: string
}

export const publishedToBoth: FromTenantFact = {
  name: 'published-to-both',
  async show({ management, old, project, publishedIn }) {
    const onNew = await management.get<{ actions: readonly ShownAction[] }>('actions/actions')
    const onOld = await old.management.get<{ actions: readonly ShownAction[] }>('actions/actions')
    const runs = (found: readonly ShownAction[], folder: string, names: readonly string[]) =>
      names.every((name) => {
        const code = readFileSync(join(project.root, 'dist', folder, `${name}.js`), 'utf8')
        return found.some((one) => one.name === name && one.code === code && one.status === 'built')
      })
    const three = ['backfill-metadata', 'mark-migrated', 'copy-metadata']
    const seconds = [old.publishedIn, publishedIn].map((ms) => `${(ms / 1_000).toFixed(1)} s`)
    return allOf([
      [runs(onOld.actions, 'old-tenant', ['hand-over-user']), 'the old tenant hands users over'],
      [onOld.actions.length === 1, 'by one Action and nothing else'],
      [runs(onNew.actions, 'actions', three), '3 Actions on the new one run the bytes of dist/'],
      [onNew.actions.length === 3, 'protect-legacy-audience is not among them: no legacy API'],
      [true, `publishing by a0deploy took ${seconds.join(' and ')}`],
    ])
  },
}

export const residentNoticesNothing: FromTenantFact = {
  name: 'users-of-the-connection-notice-nothing',
  async show(world) {
    const { resident } = world
    const first = await logIn(world, resident)
    const { calls, result: second } = await oldCallsDuring(world, () => logIn(world, resident))
    const stored = await userOn(world, resident)
    return allOf([
      [
        first.type === 'tokens' && second.type === 'tokens',
        'who was there before logs in as before',
      ],
      [stored?.app_metadata?.plan === 'own', 'with their own metadata'],
      [calls.length === 0, 'and the old tenant is not asked again'],
    ])
  },
}

export const movesWithPasswordAndMetadata: FromTenantFact = {
  name: 'moves-with-password-and-metadata',
  async show(world) {
    const user = world.old.takeUser()
    const wrong = await logIn(world, { ...user, password: 'not the password' })
    const login = await logIn(world, user)
    const claims = login.type === 'tokens' ? login.tokens.claims() : undefined
    const stored = await userOn(world, user)
    const { calls, result: again } = await oldCallsDuring(world, () => logIn(world, user))
    return allOf([
      [wrong.type === 'rejected', 'a wrong password is refused'],
      [claims?.sub === user.userId, 'the old password opens the account, of the same id'],
      [claims?.[`${claimNamespace}plan`] === user.app_metadata.plan, 'plan is in the ID token'],
      [stored?.user_metadata?.locale === user.user_metadata.locale, 'the metadata are there'],
      [(await movedTo(world, user)) === user.userId, 'the old tenant knows that they have moved'],
      [again.type === 'tokens' && calls.length === 0, 'the next login makes no call there'],
    ])
  },
}

export const movesWithRolesAndOrganization: FromTenantFact = {
  name: 'moves-with-roles-and-organization',
  async show(world) {
    const user = world.old.takeUser()
    await logIn(world, user)
    const file = join(world.project.root, 'memberships.ndjson')
    const read = await runCommand(world, ['import', 'memberships', file], operatorOf(world))
    // Who has not moved yet has no user there: one line of the file is this user's.
    const id = user.userId.slice('auth0|'.length)
    const line = readFileSync(file, 'utf8')
      .split('\n')
      .find((one) => one.includes(id))
    const own = join(world.project.root, 'own-memberships.ndjson')
    writeFileSync(own, `${line ?? ''}\n`)
    const given = await runCommand(world, ['import', 'assign', own])
    const path = `users/${encodeURIComponent(user.userId)}`
    const roles = await world.management.get<readonly { name: string }[]>(`${path}/roles`)
    const parameters = { organization: world.organizationId }
    const login = await logIn(world, user, { parameters })
    const claims = login.type === 'tokens' ? login.tokens.claims() : undefined
    return allOf([
      [
        Number(read.with_memberships) > 0,
        `${read.with_memberships} users of the old tenant have roles or organizations`,
      ],
      [given.assigned === 1, 'npx migration import assign gives one who has moved theirs'],
      [roles.map(({ name }) => name).join() === role, `the role ${role} is there`],
      [
        claims?.org_id === world.organizationId,
        `a login to the organization ${organization} works`,
      ],
    ])
  },
}

/** An operator's application: roles are no business of the application that logins use. */
function operatorOf({ old }: FromTenantWorld): Readonly<Record<string, string>> {
  const { client_id, client_secret } = old.tenant.deployClient
  return {
    OLD_TENANT_OPERATOR_CLIENT_ID: client_id,
    OLD_TENANT_OPERATOR_CLIENT_SECRET: client_secret,
  }
}
