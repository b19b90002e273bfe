import { expect, test } from 'vitest'
import { checkMigrationConfig } from '../../build/migration-config.ts'

const claim = { name: 'plan', path: 'app_metadata.plan', tokens: ['id'] }
const config = {
  connection: 'legacy-users',
  idPrefix: 'legacy-users|',
  backfill: { since: '2026-11-21' },
  claims: [claim],
}

const problemsOf = (value: unknown) => {
  const result = checkMigrationConfig(value)
  return 'problems' in result ? result.problems : []
}

const good: [why: string, more: object][] = [
  ['the sample', {}],
  [
    'everything there is',
    {
      acceptedPrefixes: ['', 'old|'],
      requiresUsername: true,
      allowMissingMfa: false,
      rollout: 12.5,
      backfill: { since: '2026-11-21T08:00:00.5+01:00', budget: 100 },
      mark: { budget: 8_000 },
      scripts: { budget: 15_000 },
      claimsBudget: 0,
    },
  ],
  ['no prefix and no claim', { idPrefix: '', claims: [] }],
  ['a leap day', { backfill: { since: '2028-02-29' } }],
  ['a claim deep down', { claims: [{ ...claim, name: 'a/b-c_1', path: 'app_metadata.a.b-c.d' }] }],
  [
    'user_metadata in an access token, meant',
    {
      claims: [
        { name: 'a', path: 'user_metadata.a', tokens: ['id', 'access'], trustUserMetadata: true },
      ],
    },
  ],
]

for (const [why, more] of good) {
  test(`checkMigrationConfig: takes ${why}`, () => {
    expect(problemsOf({ ...config, ...more })).toEqual([])
  })
}

const connection = 'must be letters, digits and single hyphens, as Auth0 names connections'
const day = 'must be a day such as 2026-11-21, or an instant such as 2026-11-21T08:00:00Z'
const stepBudget = 'must be a whole number of milliseconds from 100 to 8000'
const scriptBudget = 'must be a whole number of milliseconds from 500 to 15000'
const percent = 'must be a number from 0 to 100, in percent'
const bytes = 'must be a whole number of bytes from 0 to 50000 (Auth0 fails a login at 100 kB)'
const flag = 'must be true or false'
const path = 'must be app_metadata.<key> or user_metadata.<key>, deeper keys after further dots'
const name = 'must be letters, digits, _, - and /, and begin with a letter'
const since = (text: unknown) => ({ backfill: { since: text } })
const claims = (more: object) => ({ claims: [{ ...claim, ...more }] })

/** Every field, wrong in every way, and what is said of it. */
const bad: [field: string, more: object, message: string][] = [
  [
    'connection',
    { connection: undefined },
    'is missing: it must be the name of a database connection',
  ],
  ['connection', { connection: 7 }, 'must be the name of a database connection'],
  ['connection', { connection: '' }, connection],
  ['connection', { connection: '../actions' }, connection],
  ['connection', { connection: 'a--b' }, connection],
  ['connection', { connection: 'a'.repeat(129) }, 'must not be longer than 128 characters'],
  ['idPrefix', { idPrefix: undefined }, 'is missing: it must be text; an empty one is allowed'],
  ['idPrefix', { idPrefix: null }, 'must be text; an empty one is allowed'],
  ['idPrefix', { idPrefix: 'a b' }, 'must not hold spaces or control characters'],
  ['idPrefix', { idPrefix: 'auth0|a|' }, 'must not begin with auth0|: Auth0 adds that itself'],
  ['idPrefix', { idPrefix: 'a'.repeat(101) }, 'must not be longer than 100 characters'],
  ['acceptedPrefixes', { acceptedPrefixes: 'old|' }, 'must be a list of prefixes'],
  ['acceptedPrefixes[1]', { acceptedPrefixes: ['', 7] }, 'must be text; an empty one is allowed'],
  ['requiresUsername', { requiresUsername: 'no' }, flag],
  ['allowMissingMfa', { allowMissingMfa: 1 }, flag],
  ['rollout', { rollout: '50%' }, percent],
  ['rollout', { rollout: 101 }, percent],
  ['rollout', { rollout: -1 }, percent],
  ['rollout', { rollout: Number.NaN }, percent],
  ['backfill', { backfill: undefined }, 'is missing: it must be an object'],
  ['backfill', { backfill: '2026-11-21' }, 'must be an object'],
  ['backfill.since', { backfill: {} }, `is missing: it ${day}`],
  ['backfill.since', since(20_261_121), day],
  ['backfill.since', since('21.11.2026'), day],
  ['backfill.since', since('2026-02-30'), day],
  ['backfill.since', since('2026-13-01'), day],
  ['backfill.since', since('2026-11-21T08:00'), day],
  ['backfill.since', since('2026-11-21T25:00Z'), day],
  ['backfill.budget', { backfill: { since: '2026-11-21', budget: '2s' } }, stepBudget],
  ['backfill.budget', { backfill: { since: '2026-11-21', budget: 99 } }, stepBudget],
  ['backfill.budget', { backfill: { since: '2026-11-21', budget: 1.5e9 } }, stepBudget],
  ['mark.budget', { mark: { budget: 0 } }, stepBudget],
  ['mark', { mark: 1_500 }, 'must be an object'],
  ['scripts.budget', { scripts: { budget: 20_000 } }, scriptBudget],
  ['scripts.budget', { scripts: { budget: 500.5 } }, scriptBudget],
  ['claims', { claims: undefined }, 'is missing: it must be a list of claims'],
  ['claims', { claims: {} }, 'must be a list of claims'],
  ['claims', { claims: [claim, claim] }, 'must not hold two claims of one name'],
  ['claims[0]', { claims: ['plan'] }, 'must be an object'],
  ['claims[0].name', claims({ name: undefined }), 'is missing: it must be text'],
  ['claims[0].name', claims({ name: 'https://a.example/plan' }), name],
  ['claims[0].name', claims({ name: 'sub' }), 'is a name that Auth0 keeps for itself'],
  ['claims[0].path', claims({ path: 'plan' }), path],
  ['claims[0].path', claims({ path: 'app_metadata' }), path],
  ['claims[0].path', claims({ path: 'identities.0' }), path],
  ['claims[0].path', claims({ path: 'app_metadata.a..b' }), path],
  ['claims[0].path', claims({ path: 'app_metadata.__proto__.a' }), 'names no metadata'],
  [
    'claims[0].tokens',
    claims({ tokens: undefined }),
    `is missing: it must be a list of 'id', 'access'`,
  ],
  ['claims[0].tokens', claims({ tokens: [] }), `must name 'id', 'access' or both`],
  ['claims[0].tokens', claims({ tokens: ['id', 'id'] }), 'must name each token once'],
  ['claims[0].tokens[0]', claims({ tokens: ['refresh'] }), `must be 'id' or 'access'`],
  [
    'claims[0].tokens',
    claims({ path: 'user_metadata.plan', tokens: ['access'] }),
    'puts what users edit themselves into an access token: leave out access, or set trustUserMetadata: true',
  ],
  ['claims[0].trustUserMetadata', claims({ trustUserMetadata: 'yes' }), flag],
  ['claimsBudget', { claimsBudget: 50_001 }, bytes],
  ['claimsBudget', { claimsBudget: 1.5 }, bytes],
  ['secrets', { secrets: {} }, 'is not a field'],
  ['backfill.until', { backfill: { since: '2026-11-21', until: 1 } }, 'is not a field'],
  ['claims[0].source', claims({ source: 'x' }), 'is not a field'],
]

for (const [field, more, message] of bad) {
  test(`checkMigrationConfig: ${field} of ${JSON.stringify(more).slice(0, 60)} ${message.slice(0, 40)}`, () => {
    expect(problemsOf({ ...config, ...more })).toEqual([
      { code: 'config_invalid', subject: `migration.config.ts: ${field}`, message },
    ])
  })
}

for (const value of [null, 7, 'config', []]) {
  test(`checkMigrationConfig: ${JSON.stringify(value)} is no config`, () => {
    expect(problemsOf(value)).toMatchObject([{ subject: 'migration.config.ts' }])
  })
}

test('checkMigrationConfig: two mistakes are two problems', () => {
  const fields = problemsOf({ ...config, rollout: 101, extra: 1 }).map(({ subject }) => subject)
  expect(fields).toEqual(['migration.config.ts: rollout', 'migration.config.ts: extra'])
})
