import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toAuth0Profile } from '../../core/auth0-profile.ts'
import { decideGetUser, decideLogin, type ScriptDecision } from '../../core/database-scripts.ts'
import type { LegacyAnswer, LegacyProblem } from '../../core/legacy-answer.ts'
import { isLegacyUser } from '../../core/legacy-user.ts'
import type { PlainObject } from '../../core/plain-object.ts'
import { at, jsonValue, legacyUser, now, rule } from './arbitraries.ts'

const user = (overrides: PlainObject = {}): LegacyAnswer => ({
  type: 'user',
  user: legacyUser(overrides),
})
const problem = (name: LegacyProblem): LegacyAnswer => ({ type: 'problem', problem: name })
const outage = (status?: number): LegacyAnswer => ({
  type: 'outage',
  code: 'legacy_api_unavailable',
  ...(status === undefined ? {} : { status }),
})

const migrated_at = '2026-11-30T10:00:00Z'
const profile = toAuth0Profile(legacyUser(), rule, at)
const wrong = { type: 'wrong-credentials' }
const nobody = { type: 'not-found' }
const error = (code: string, more = {}) => ({ type: 'error', code, ...more })
const unexpected = error('legacy_api_invalid_response')

/** The table of design.md, a line a row: what the API says, what login does, what get_user does. */
const table: [said: string, answer: LegacyAnswer, login: unknown, getUser: unknown][] = [
  ['200, not migrated', user(), profile, profile],
  ['invalid-credentials', problem('invalid-credentials'), wrong, unexpected],
  ['user-not-found', problem('user-not-found'), unexpected, nobody],
  ['blocked', problem('blocked'), error('legacy_user_blocked'), error('legacy_user_blocked')],
  [
    '200, blocked',
    user({ blocked: true }),
    error('legacy_user_blocked'),
    error('legacy_user_blocked'),
  ],
  [
    '200, blocked and migrated',
    user({ blocked: true, migrated_at }),
    error('legacy_user_blocked'),
    error('legacy_user_blocked'),
  ],
  ['already-migrated', problem('already-migrated'), wrong, nobody],
  ['200, migrated', user({ migrated_at }), wrong, nobody],
  ['200, migrated, unusable', user({ migrated_at, email: '' }), wrong, nobody],
  [
    'ambiguous',
    problem('ambiguous'),
    error('legacy_user_ambiguous'),
    error('legacy_user_ambiguous'),
  ],
  [
    '200, no e-mail',
    user({ email: null }),
    error('legacy_user_unusable'),
    error('legacy_user_unusable'),
  ],
  [
    '200, MFA and no portable factor',
    user({ mfa_required: true }),
    error('legacy_user_needs_mfa'),
    error('legacy_user_needs_mfa'),
  ],
  ['the mark’s problem', problem('migrated-to-another-user'), unexpected, unexpected],
  ['the mark’s success', { type: 'marked' }, unexpected, unexpected],
  ['429', outage(429), error('legacy_api_unavailable'), error('legacy_api_unavailable')],
  ['no answer', outage(), error('legacy_api_unavailable'), error('legacy_api_unavailable')],
  [
    'no token',
    { type: 'outage', code: 'token_unavailable', status: 403 },
    error('token_unavailable'),
    error('token_unavailable'),
  ],
]

for (const [said, answer, login, getUser] of table) {
  test(`decideLogin: ${said}`, () => {
    expect(decideLogin(answer, rule, now)).toEqual(login)
  })
  test(`decideGetUser: ${said}`, () => {
    expect(decideGetUser(answer, rule, now)).toEqual(getUser)
  })
}

test('decideLogin, decideGetUser: MFA may stay behind and a username be asked for, by the config', () => {
  const lenient = { ...rule, allowMissingMfa: true }
  const strict = { ...rule, requiresUsername: true }
  for (const decide of [decideLogin, decideGetUser]) {
    expect(decide(user({ mfa_required: true }), lenient, now).type).toBe('profile')
    expect(decide(user(), strict, now)).toEqual(error('legacy_user_unusable'))
    expect(decide(user({ username: 'ada' }), strict, now).type).toBe('profile')
  }
})

const members = [
  'email',
  'username',
  'name',
  'mfa_factors',
  'app_metadata',
  'user_metadata',
  'picture',
]
const anyUser = fc
  .dictionary(fc.constantFrom(...members, 'blocked', 'migrated_at', 'mfa_required'), jsonValue)
  .map((overrides) => legacyUser(overrides))

test('decideLogin and decideGetUser: one and the same profile, for whatever user', () => {
  fc.assert(
    fc.property(anyUser, (any) => {
      if (!isLegacyUser(any)) return
      const answer: LegacyAnswer = { type: 'user', user: any }
      const decisions = [decideLogin, decideGetUser].map((decide) => decide(answer, rule, now))
      const [login, getUser] = decisions as [ScriptDecision, ScriptDecision]
      if (login.type === 'wrong-credentials') expect(getUser.type).toBe('not-found')
      else expect(login).toEqual(getUser)
    }),
  )
})

test('decideGetUser: no outage is ever nobody, or a stranger could take the address', () => {
  const status = fc.option(fc.integer({ min: 100, max: 599 }), { nil: undefined })
  fc.assert(
    fc.property(status, (one) => {
      expect(decideGetUser(outage(one), rule, now).type).toBe('error')
      expect(decideLogin(outage(one), rule, now).type).toBe('error')
    }),
  )
})
