import { beforeEach, expect, test } from 'vitest'
import { createManagementUnderTest, type ManagementUnderTest } from './management-under-test.ts'

let under: ManagementUnderTest
beforeEach(async () => {
  under = await createManagementUnderTest()
})

test('tenant settings: flags are merged, the rest is replaced, null takes away', async () => {
  const path = '/tenants/settings'
  await under.call('PATCH', path, { support_email: 'a@example.com', flags: { enable_sso: true } })
  await under.call('PATCH', path, { support_email: null, flags: { universal_login: false } })
  const { body } = await under.call('GET', path)
  expect(body).not.toHaveProperty('support_email')
  expect(body.flags).toMatchObject({ enable_sso: true, universal_login: false })
})

test('tenant settings: a lifetime in minutes is the same lifetime in hours', async () => {
  await under.call('PATCH', '/tenants/settings', { session_lifetime_in_minutes: 90 })
  expect((await under.call('GET', '/tenants/settings')).body.session_lifetime).toBe(1.5)
})

test('tenant settings: the colours of Universal Login are taken, as deploy-cli sends them', async () => {
  const universal_login = { colors: { primary: '#F8F8F2', page_background: '#222221' } }
  await under.call('PATCH', '/tenants/settings', { universal_login })
  expect((await under.call('GET', '/tenants/settings')).body).toMatchObject({ universal_login })
})

test.each([
  ['a flag that is no boolean', { flags: { enable_sso: 'true' } }, 'flags/enable_sso'],
  ['a session of no time', { session_lifetime: 0 }, 'session_lifetime'],
  [
    'a session of less than that',
    { idle_session_lifetime_in_minutes: -1 },
    'idle_session_lifetime_in_minutes',
  ],
])('tenant settings: %s is refused', async (_, body, at) => {
  const before = (await under.call('GET', '/tenants/settings')).body
  const answer = await under.call('PATCH', '/tenants/settings', body)
  expect(answer).toMatchObject({ status: 400, body: { errorCode: 'invalid_body' } })
  expect(answer.body.message).toContain(at)
  expect((await under.call('GET', '/tenants/settings')).body).toEqual(before)
})

test.each(['/rules', '/hooks', '/rules-configs'])(
  '%s: a tenant of today says that it has none',
  async (path) => {
    expect(await under.call('GET', path)).toMatchObject({
      status: 403,
      body: { errorCode: 'feature_not_enabled' },
    })
  },
)

test('email provider: there is one, and its credentials are not shown', async () => {
  const path = '/emails/provider'
  expect((await under.call('GET', path)).status).toBe(404)
  const credentials = { smtp_host: 'mail.example', smtp_port: 587, smtp_pass: 'hidden' }
  const provider = { name: 'smtp', credentials, default_from_address: 'no-reply@example.com' }
  expect((await under.call('POST', path, provider)).status).toBe(201)
  expect((await under.call('POST', path, provider)).status).toBe(409)
  await under.call('PATCH', path, { enabled: false })
  const { body } = await under.call('GET', path)
  expect(body).toMatchObject({ enabled: false, credentials: { smtp_host: 'mail.example' } })
  expect(JSON.stringify(body)).not.toContain('hidden')
})

test('email templates: made by POST, changed by PATCH, in this order only', async () => {
  const path = '/email-templates/verify_email'
  expect((await under.call('PATCH', path, { subject: 'Hello' })).status).toBe(404)
  const template = { template: 'verify_email', subject: 'Hello', enabled: true }
  expect((await under.call('POST', '/email-templates', template)).status).toBe(200)
  expect((await under.call('PATCH', path, { subject: 'Bye' })).body.subject).toBe('Bye')
  const unknown = { ...template, template: 'unknown' }
  expect((await under.call('POST', '/email-templates', unknown)).status).toBe(400)
})
