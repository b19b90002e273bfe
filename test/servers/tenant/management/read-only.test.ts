import { beforeAll, expect, test } from 'vitest'
import { createManagementUnderTest, type ManagementUnderTest } from './management-under-test.ts'

let under: ManagementUnderTest
beforeAll(async () => {
  under = await createManagementUnderTest()
})

test.each([
  ['PATCH', '/attack-protection/suspicious-ip-throttling', { shields: [] }],
  ['PATCH', '/branding', { logo_url: 'https://example.com/logo.png' }],
  ['PATCH', '/prompts', { identifier_first: true }],
  ['PATCH', '/risk-assessments/settings', { enabled: true }],
  ['PUT', '/guardian/policies', ['all-applications']],
  ['PUT', '/prompts/login/custom-text/en', { login: { title: 'Hello' } }],
] as const)(
  '%s %s: takes what is there already, and refuses any other',
  async (method, path, other) => {
    const { body } = await under.call('GET', path)
    expect(await under.call(method, path, body)).toEqual({ status: 200, body })
    const refused = await under.call(method, path, other)
    expect(refused).toMatchObject({ status: 400, body: { errorCode: 'invalid_body' } })
    expect(refused.body.message).toContain('AUTH0_EXCLUDED')
    expect((await under.call('GET', path)).body).toEqual(body)
  },
)

test('PUT /guardian/factors/{name}: a factor stays off, and can be told so', async () => {
  const { body: factors } = await under.call('GET', '/guardian/factors')
  for (const { name, enabled } of factors) {
    const path = `/guardian/factors/${name}`
    expect(await under.call('PUT', path, { enabled })).toEqual({ status: 200, body: { enabled } })
    expect((await under.call('PUT', path, { enabled: true })).status).toBe(400)
  }
  expect((await under.call('PUT', '/guardian/factors/none', { enabled: false })).status).toBe(404)
})
