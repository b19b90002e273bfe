import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accountsIn } from '../../../cli/old-tenant/moved-note.ts'
import { countAccounts } from '../../../cli/old-tenant/moved-users.ts'
import { addUp } from '../../../cli/status/legacy-counts.ts'
import { movedKey } from '../../../core/old-tenant-user.ts'

const connection = 'people'
const migrated_at = '2026-11-20T10:00:00.000Z'

function identity(user_id: string, more: object = {}) {
  return { provider: 'auth0', connection, user_id, isSocial: false, ...more }
}

function profile(note: unknown, identities: readonly object[] = [identity('a')]) {
  return { user_id: 'auth0|a', identities, app_metadata: { plan: 'pro', [movedKey]: note } }
}

const noteOf = fc.oneof(
  fc.record(
    {
      auth0_user_id: fc.constantFrom('auth0|a', 'auth0|b', 'google-oauth2|1', 7),
      migrated_at: fc.oneof(
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
        fc.constantFrom('yesterday', '', null, 7),
      ),
      metadata: fc.constantFrom('complete', 'too-large', 'not-found', 'else', null),
    },
    { requiredKeys: [] },
  ),
  fc.constantFrom(undefined, null, true, 'yes', []),
)
const twins = [identity('a'), identity('b')]
const profiles = fc.array(
  fc.tuple(noteOf, fc.constantFrom(twins, [identity('a')], [identity('a', { connection: 'x' })])),
  { maxLength: 20 },
)

test('countAccounts: whatever stands in the notes, the numbers add up, and so do the days', async () => {
  await fc.assert(
    fc.asyncProperty(profiles, async (list) => {
      async function* accounts() {
        for (const [note, identities] of list)
          yield* accountsIn(profile(note, identities), connection)
      }
      const counts = await countAccounts(accounts())
      const ours = list.flatMap(([, identities]) => identities)
      expect(counts.total).toBe(ours.filter((one) => one.connection === connection).length)
      expect(addUp(counts)).toBe(true)
      const days = counts.per_day.map(({ migrated }) => migrated)
      expect(days.reduce((sum, number) => sum + number, 0)).toBe(counts.migrated)
    }),
  )
})

for (const [why, note, moved] of [
  ['a note of the Actions', { migrated_at, metadata: 'complete' }, 'complete'],
  ['metadata that were too large', { migrated_at, metadata: 'too-large' }, 'too-large'],
  ['metadata that nobody speaks of', { migrated_at }, 'not-found'],
  ['metadata of another word', { migrated_at, metadata: 'fine' }, 'not-found'],
  ['no instant', { metadata: 'complete' }, null],
  ['an instant that is none', { migrated_at: 'yesterday', metadata: 'complete' }, null],
  ['a note that is no object', true, null],
  ['no note', undefined, null],
] as const) {
  test(`accountsIn: ${why}: ${moved === null ? 'has not moved' : `has moved, ${moved}`}`, () => {
    const [account] = accountsIn(profile(note), connection)
    expect(account).toEqual({
      legacyId: 'a',
      moved: moved === null ? null : { at: migrated_at, metadata: moved },
    })
  })
}

test('accountsIn: of two accounts that share a note one has moved, and the other is left', () => {
  for (const prefix of ['', 'old|']) {
    const note = { migrated_at, metadata: 'complete', auth0_user_id: `auth0|${prefix}b` }
    const moved = { at: migrated_at, metadata: 'complete' }
    expect(accountsIn(profile(note, twins), connection)).toEqual([
      { legacyId: 'a', moved: null },
      { legacyId: 'b', moved },
    ])
  }
})

test('accountsIn: accounts of other databases and providers are not the connection’s', () => {
  const others = [identity('s', { connection: 'staff' }), identity('g', { provider: 'google' })]
  expect(accountsIn(profile({ migrated_at }, others), connection)).toEqual([])
})
