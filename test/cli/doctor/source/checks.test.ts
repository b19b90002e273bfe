import { describe, expect, test } from 'vitest'
import { checks } from '../../../../cli/doctor/source/checks/all-checks.ts'
import { inspectCode } from '../../../../cli/doctor/source/inspect-code.ts'
import { fixtures } from './fixtures/all-fixtures.ts'
import type { Fixture } from './fixtures/fixture.ts'

function idsIn(code: string, kind: Fixture['kind']): readonly string[] {
  const outcomes = inspectCode(code, { file: 'code.js' }, kind)
  return [...new Set(outcomes.map((one) => (one.type === 'finding' ? one.kind.id : one.because)))]
}

test('checks: each has code that it finds and code that it leaves alone', () => {
  const wanted = [...new Set(checks.map(({ kind }) => kind.id))].sort()
  for (const part of ['found', 'clean'] as const) {
    const held = fixtures.flatMap((one) => (one[part].length > 0 ? [one.id] : []))
    expect([...new Set(held)].sort()).toEqual(wanted)
  }
})

for (const { id, kind, found, clean } of fixtures) {
  describe(`${id} in ${kind}`, () => {
    for (const [index, code] of found.entries()) {
      test(`inspectCode: finds it, and nothing else, in way ${index + 1} of writing it`, () => {
        expect(idsIn(code, kind), code).toEqual([id])
      })
    }
    for (const [index, code] of clean.entries()) {
      test(`inspectCode: finds nothing in what only looks like it, ${index + 1}`, () => {
        expect(idsIn(code, kind), code).toEqual([])
      })
    }
  })
}

// Not among the fixtures: by any other name it is any other text.
test('inspectCode: finds a secret in a variable that is called so', () => {
  const code = (name: string) =>
    `function login(email, password, callback) { const ${name} = configuration.KEY || 'a8F9d0sK2lPq9Zx3'; store(email, ${name}, callback); }`
  expect(idsIn(code('storeApiKey'), 'login')).toEqual(['secret-in-code'])
  expect(idsIn(code('CLIENT_SECRET'), 'login')).toEqual(['secret-in-code'])
  expect(idsIn(code('bucket'), 'login')).toEqual([])
})

test('inspectCode: the endpoint that Auth0 sent people to is a note, the one that it closed is not', () => {
  const severityOf = (path: string) =>
    inspectCode(`fetch('https://acme.auth0.com${path}', { method: 'DELETE' })`, {}, 'source').map(
      (one) => one.type === 'finding' && one.severity,
    )
  expect(severityOf('/api/v2/allusers')).toEqual(['note'])
  expect(severityOf('/api/v2/users')).toEqual([undefined])
})

test('inspectCode: an audience that is refused is a warning, though its row is a note', () => {
  const code = `const jwt = require('jsonwebtoken');
    post({ client_assertion: jwt.sign({ aud: 'https://acme.auth0.com/oauth/token' }, key) })`
  expect(inspectCode(code, {}, 'source')).toMatchObject([
    { kind: { id: 'private-key-jwt-audience', severity: 'note' }, severity: 'warning' },
  ])
})
