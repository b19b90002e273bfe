import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logLine } from '../../core/log-line.ts'

const detail = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.integer(),
  fc.array(fc.string({ maxLength: 30 }), { maxLength: 12 }),
)

test('logLine: is one line of JSON, at most 256 characters, with code and name whatever else', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[b-z]{1,9}$/), detail), (details) => {
      const line = logLine('backfill-metadata', { ...details, code: 'legacy_api_unavailable' })
      expect(line.length).toBeLessThanOrEqual(256)
      expect(line).not.toContain('\n')
      expect(JSON.parse(line)).toMatchObject({
        code: 'legacy_api_unavailable',
        action: 'backfill-metadata',
      })
    }),
  )
})

test('logLine: has room for every setting by its name', () => {
  const settings = [
    ...['LEGACY_API_URL', 'LEGACY_API_AUDIENCE', 'LEGACY_TOKEN_URL'],
    ...['LEGACY_ACTIONS_CLIENT_ID', 'LEGACY_ACTIONS_CLIENT_SECRET'],
  ]
  const line = logLine('protect-legacy-audience', { code: 'setting_missing', settings })
  expect(JSON.parse(line)).toEqual({
    code: 'setting_missing',
    action: 'protect-legacy-audience',
    settings,
  })
})

test('docs/runbook.md: alerts on codes that the kit writes, and on no others', () => {
  const codes = readFileSync('core/errors.ts', 'utf8')
  const named = readFileSync('docs/runbook.md', 'utf8').matchAll(
    /`((?:legacy_(?:api|user)|token|setting|unexpected|profile|claims)_[a-z_]+)`/g,
  )
  const others = [...named].map(([, code]) => code).filter((code) => !codes.includes(`'${code}'`))
  expect(others.toSorted()).toEqual(['token_endpoint_auth_method', 'token_lifetime'])
})
