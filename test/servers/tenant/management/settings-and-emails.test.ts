import { beforeEach, expect, test } from 'vitest'
import { createManagementUnderTest, type ManagementUnderTest } from './management-under-test.ts'

let under: ManagementUnderTest
beforeEach(async () => {
  under = await createManagementUnderTest()
})

test('tenant settings: flags are merged, the rest is replaced, null takes away', async () => {
  const path = '/tenants/settings'
  const country_codes = { list: ['DE'], mode: 'allow' }
  await under.call('PATCH', path, { country_codes, flags: { enable_sso: true } })
  await under.call('PATCH', path, { country_codes: null, flags: { universal_login: false } })
  const { body } = await under.call('GET', path)
  expect(body).not.toHaveProperty('country_codes')
  expect(body.flags).toMatchObject({ enable_sso: true, universal_login: false })
})

// https://github.com/auth0/auth0-deploy-cli/tree/master/test/e2e/recordings
test('tenant settings: a change is answered without the sandboxes that there are', async () => {
  const { body } = await under.call('PATCH', '/tenants/settings', { sandbox_version: '22' })
  const { body: shown } = await under.call('GET', '/tenants/settings')
  expect(shown).toEqual({ ...body, sandbox_versions_available: ['22', '18', '12'] })
  expect(body).not.toHaveProperty('sandbox_versions_available')
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
  ['null for an address', { support_email: null }, 'support_email'],
  ['a mode that there is not', { dynamic_client_registration_security_mode: 'open' }, '_mode'],
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
  // https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccEmailTemplate.yaml
  expect(await under.call('GET', path)).toMatchObject({
    status: 404,
    body: { message: 'There is not a configured email provider' },
  })
  const credentials = { smtp_host: 'mail.example', smtp_port: 587, smtp_pass: 'hidden' }
  const provider = { name: 'smtp', credentials, default_from_address: 'no-reply@example.com' }
  expect((await under.call('POST', path, provider)).status).toBe(201)
  expect((await under.call('POST', path, provider)).status).toBe(409)
  await under.call('PATCH', path, { enabled: false })
  const { body } = await under.call('GET', path)
  expect(body).toMatchObject({ enabled: false, credentials: { smtp_host: 'mail.example' } })
  expect(JSON.stringify(body)).not.toContain('hidden')
})

test.each([
  ['a name that there is not', { name: 'pigeon', credentials: {} }],
  ['null for an address', { name: 'ses', credentials: {}, default_from_address: null }],
])('email provider: refuses %s', async (_, provider) => {
  const answer = await under.call('POST', '/emails/provider', provider)
  expect(answer).toMatchObject({ status: 400, body: { errorCode: 'invalid_body' } })
})

test('email templates: PUT replaces one that is there, and makes none', async () => {
  const path = '/email-templates/welcome_email'
  const template = { template: 'welcome_email', subject: 'Hello', from: 'a@example.com' }
  expect((await under.call('PUT', path, template)).status).toBe(404)
  await under.call('POST', '/email-templates', template)
  const replaced = { template: 'welcome_email', subject: 'Welcome', enabled: false }
  expect(await under.call('PUT', path, replaced)).toEqual({ status: 200, body: replaced })
  expect((await under.call('GET', path)).body).toEqual(replaced)
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
