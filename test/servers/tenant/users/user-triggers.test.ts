import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AsynchronousRun } from '../../../../actions-testing/registration-run.ts'
import type { JsonObject } from '../../../../servers/tenant/state.ts'
import { begin } from '../authentication/application.ts'
import { bindActions } from '../authentication/tenant-resources.ts'
import { bob, entered, type LegacyTenant, startLegacyTenant } from './legacy-store.ts'

const ann = { email: 'ann@example.com', password: 'Correct horse 1' }

let under: LegacyTenant
beforeEach(async () => {
  under = await startLegacyTenant()
})
afterEach(() => under.close())

function before(statements: string): void {
  const code = `exports.onExecutePreUserRegistration = async (event, api) => { ${statements} }`
  bindActions(under.tenant, [code], 'pre-user-registration')
}

/** An Action that leaves its event where a test can look, or throws. */
function after(trigger: AsynchronousRun['trigger'], statements = ''): JsonObject[] {
  const seen: JsonObject[] = []
  Object.assign(globalThis, { seen })
  const handler = trigger === 'post-change-password' ? 'PostChangePassword' : 'PostUserRegistration'
  const code = `exports.onExecute${handler} = async (event, api) => {
    seen.push({ ...event, members: Object.keys(api) }); ${statements} }`
  bindActions(under.tenant, [code], trigger)
  return seen
}

const manageable = { connection: 'legacy', ...ann }

function users() {
  return [...under.tenant.state.users.values()].map(({ profile }) => profile)
}

function failures(type: string): number {
  return under.tenant.activity.logs.filter((one) => one.type === type).length
}

test('pre-user-registration: a denial refuses the sign-up, with its message for the person', async () => {
  before(`api.access.deny('no_strangers', 'Ask us for an invitation.')`)
  const refused = await under.post('signup', ann)
  expect(refused.status).toBe(400)
  expect(await refused.json()).toEqual({
    name: 'InternalExtensibilityError',
    code: 'extensibility_error',
    description: 'no_strangers',
    message: 'no_strangers',
    friendly_message: 'Ask us for an invitation.',
    statusCode: 400,
  })
  expect(users()).toEqual([])
  expect(failures('fs')).toBe(1)
})

test('pre-user-registration: on the page the person reads the message, and not the reason', async () => {
  before(`api.validation.error('no_strangers', 'Ask us for an invitation.')`)
  const { browser, visit } = await begin(under, under.web, { screen_hint: 'signup' })
  const page = await browser.submit(visit, ann)
  expect(page.status).toBe(400)
  expect(page.text).toContain('Ask us for an invitation.')
  expect(page.text).not.toContain('no_strangers')
  expect(users()).toEqual([])
})

test('pre-user-registration: the Management API says Sandbox error, and makes nobody', async () => {
  before(`api.access.deny('no_strangers', 'Ask us for an invitation.')`)
  const refused = await under.manage('POST', 'users', manageable)
  expect(refused.status).toBe(400)
  expect(await refused.json()).toMatchObject({ message: 'Sandbox error.' })
  expect(users()).toEqual([])
})

test('pre-user-registration: an Action that throws or misspells api lets nobody sign up', async () => {
  for (const statements of [`throw new Error('broken')`, `api.acess.deny('a', 'b')`]) {
    before(statements)
    expect((await under.post('signup', ann)).status).toBe(400)
  }
  expect(users()).toEqual([])
})

test('pre-user-registration: its metadata is in the one write that makes the user', async () => {
  before(`api.user.setAppMetadata('plan', event.client.name + event.user.email)
    api.user.setUserMetadata('locale', null)`)
  const body = { ...ann, user_metadata: { locale: 'de', colour: 'green' } }
  expect((await under.post('signup', body)).status).toBe(200)
  expect(users()).toMatchObject([{ app_metadata: { plan: 'webann@example.com' } }])
  expect(users()[0]?.user_metadata).toEqual({ colour: 'green' })
  expect(under.tenant.activity.profileWrites.map(({ by }) => by)).toEqual(['sign-up'])
})

test('pre-user-registration: sees the body without the password, and no user_id', async () => {
  before(`api.user.setAppMetadata('saw', JSON.stringify([event.request.body, event.user]))`)
  await under.post('signup', ann)
  const saw = String(users()[0]?.app_metadata.saw)
  expect(saw).toContain('"connection":"legacy"')
  expect(saw).not.toContain(ann.password)
  expect(saw).not.toContain('user_id')
})

test('pre-user-registration: is not asked for an address that is taken, or that awaits migration', async () => {
  before(`throw new Error('asked')`)
  const answer = await under.post('signup', { ...ann, email: bob.username })
  expect(await answer.json()).toMatchObject({ code: 'user_exists' })
})

test('registration: no Action runs for a user who is migrated at login', async () => {
  before(`api.access.deny('no', 'no')`)
  const seen = after('post-user-registration')
  expect(entered(await under.logIn(bob.username, bob.password))).toBe(true)
  expect(seen).toEqual([])
})

test('post-user-registration: is told of the user, by sign-up and by the Management API', async () => {
  const seen = after('post-user-registration')
  await under.post('signup', ann)
  await expect.poll(() => seen.length).toBe(1)
  await under.manage('POST', 'users', { ...manageable, email: 'eve@example.com' })
  await expect.poll(() => seen.length).toBe(2)
  expect(seen).toMatchObject([
    {
      connection: { id: 'con_legacy', name: 'legacy', strategy: 'auth0' },
      members: ['cache'],
      request: { method: 'POST' },
      tenant: { id: 'tenant-under-test' },
      user: { email: 'ann@example.com', user_id: expect.stringMatching(/^auth0\|/) },
    },
    { user: { email: 'eve@example.com' } },
  ])
  expect(JSON.stringify(seen)).not.toContain(ann.password)
})

test('post-user-registration: one that throws or hangs undoes nothing, and is logged', async () => {
  after('post-user-registration', `throw new Error('broken')`)
  expect((await under.post('signup', ann)).status).toBe(200)
  await expect.poll(() => failures('actions_execution_failed')).toBe(1)
  after('post-user-registration', 'await new Promise(() => undefined)')
  expect((await under.post('signup', { ...ann, email: 'eve@example.com' })).status).toBe(200)
  expect(users()).toHaveLength(2)
})

test('post-change-password: is told of a reset and of a change by an administrator, without metadata', async () => {
  await under.manage('POST', 'users', { ...manageable, app_metadata: { plan: 'gold' } })
  const userId = String(users()[0]?.user_id)
  const seen = after('post-change-password')
  const path = `users/${encodeURIComponent(userId)}`
  expect((await under.manage('PATCH', path, { given_name: 'Ann' })).status).toBe(200)
  expect((await under.manage('PATCH', path, { password: 'Another horse 2' })).status).toBe(200)
  await expect.poll(() => seen.length).toBe(1)
  const { ticket } = (await (
    await under.manage('POST', 'tickets/password-change', { user_id: userId })
  ).json()) as { ticket: string }
  const secret = new URL(ticket).searchParams.get('ticket') ?? ''
  const reset = await under.fetch(`${under.tenant.issuer}u/reset-password`, {
    method: 'POST',
    body: new URLSearchParams({
      ticket: secret,
      password: 'Third horse 3',
      password_confirmation: 'Third horse 3',
    }),
  })
  expect(reset.status).toBe(200)
  await expect.poll(() => seen.length).toBe(2)
  expect(seen).toMatchObject([{ user: { user_id: userId } }, { user: { email: ann.email } }])
  for (const secretly of ['plan', 'horse', 'ticket']) {
    expect(JSON.stringify(seen)).not.toContain(secretly)
  }
})

test('post-change-password: one that throws leaves the new password', async () => {
  await under.manage('POST', 'users', manageable)
  after('post-change-password', `throw new Error('broken')`)
  const path = `users/${encodeURIComponent(String(users()[0]?.user_id))}`
  expect((await under.manage('PATCH', path, { password: 'Another horse 2' })).status).toBe(200)
  await expect.poll(() => failures('actions_execution_failed')).toBe(1)
  expect(entered(await under.logIn(ann.email, 'Another horse 2'))).toBe(true)
})
