import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AudienceRequest, decideAudience } from '../../core/legacy-audience.ts'
import { jsonValue } from './arbitraries.ts'

const audience = 'https://legacy-api.example'
const settings = { LEGACY_API_AUDIENCE: audience }
const other = 'https://orders.example'

const asked: [where: string, login: (audience: string) => AudienceRequest][] = [
  ['resource_server', (identifier) => ({ resource_server: { identifier } })],
  ['the query', (one) => ({ request: { query: { audience: one } } })],
  ['the query, as a list', (one) => ({ request: { query: { audience: [other, one] } } })],
  ['the query’s resource', (one) => ({ request: { query: { resource: one } } })],
  ['the query’s resources', (one) => ({ request: { query: { resource: [one, other] } } })],
  ['the body', (one) => ({ request: { body: { audience: one } } })],
  ['the body, as a list', (one) => ({ request: { body: { audience: [one] } } })],
  ['the body’s resource', (one) => ({ request: { body: { resource: one } } })],
  ['the body’s resources', (one) => ({ request: { body: { resource: [one] } } })],
  [
    'resource_server, against the query',
    (identifier) => ({
      resource_server: { identifier },
      request: { query: { audience: other }, body: { audience: other } },
    }),
  ],
  [
    'the body, against resource_server',
    (one) => ({ resource_server: { identifier: other }, request: { body: { audience: one } } }),
  ],
]

for (const [where, login] of asked) {
  test(`decideAudience: denies the legacy audience in ${where}, and no other there`, () => {
    expect(decideAudience(login(audience), settings)).toBe('deny')
    expect(decideAudience(login('https://app.example'), settings)).toBe('allow')
    expect(decideAudience(login(`${audience}/`), settings)).toBe('allow')
  })

  test(`decideAudience: without the setting, denies an API in ${where}`, () => {
    for (const values of [{}, { LEGACY_API_AUDIENCE: '' }, { LEGACY_API_AUDIENCE: '##A##' }]) {
      expect(decideAudience(login(audience), values)).toBe('deny-unconfigured')
      expect(decideAudience(login('https://app.example'), values)).toBe('deny-unconfigured')
    }
  })
}

const askNothing: AudienceRequest[] = [
  {},
  { resource_server: undefined, request: {} },
  { request: { query: {}, body: {} } },
  { request: { query: { audience: '', resource: [] }, body: { audience: undefined } } },
]

for (const login of askNothing) {
  test(`decideAudience: a login for no API goes on, set or unset: ${JSON.stringify(login)}`, () => {
    expect(decideAudience(login, settings)).toBe('allow')
    expect(decideAudience(login, {})).toBe('allow')
  })
}

test('decideAudience: a line break behind the setting does not open the lock', () => {
  const pasted = { LEGACY_API_AUDIENCE: ` ${audience}\n` }
  expect(decideAudience({ resource_server: { identifier: audience } }, pasted)).toBe('deny')
})

test('decideAudience: of any request, denies exactly what names the legacy audience', () => {
  const value = fc.oneof(jsonValue, fc.constant(audience), fc.constant([audience]))
  const parameters = fc.record(
    { audience: value, resource: value, scope: value },
    { requiredKeys: [] },
  )
  const request = fc.record({ query: parameters, body: parameters }, { requiredKeys: [] })
  const login = fc.record(
    { resource_server: fc.record({ identifier: value }), request },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(login, (one) => {
      const { query, body } = one.request ?? {}
      const named = [query?.audience, query?.resource, body?.audience, body?.resource].some(
        (found) => found === audience || (Array.isArray(found) && found.includes(audience)),
      )
      const denied = named || one.resource_server?.identifier === audience
      expect(decideAudience(one, settings)).toBe(denied ? 'deny' : 'allow')
    }),
  )
})
