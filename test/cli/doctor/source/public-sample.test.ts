import { expect, test } from 'vitest'
import type { Outcome } from '../../../../cli/doctor/finding.ts'
import { compareScripts } from '../../../../cli/doctor/source/compare-scripts.ts'
import { inspectCode } from '../../../../cli/doctor/source/inspect-code.ts'
import { sampleGetUser, sampleLogin, sampleRule } from './fixtures/public-sample.ts'

const idsOf = (outcomes: readonly Outcome[]) => [
  ...new Set(outcomes.map((one) => (one.type === 'finding' ? one.kind.id : one.because))),
]

const found = {
  rule: idsOf(inspectCode(sampleRule, { file: 'rule.js' }, 'rule')),
  login: idsOf(inspectCode(sampleLogin, { file: 'login.js' }, 'login')),
  get_user: idsOf(inspectCode(sampleGetUser, { file: 'get_user.js' }, 'get_user')),
  pair: idsOf(
    compareScripts(
      { code: sampleLogin, place: { file: 'login.js' } },
      { code: sampleGetUser, place: { file: 'get_user.js' } },
    ),
  ),
}

/** Every weakness of the sample, and by what it is seen in code. */
const seen: readonly [weakness: string, where: keyof typeof found, id: string][] = [
  ['the callback is called before the mark is written, and after', 'rule', 'callback-twice'],
  ['a Rule marks, which has ended, and too early', 'rule', 'rule-marks-migrated'],
  ['all app_metadata are written back', 'rule', 'whole-metadata-written'],
  ['the id of the application is in the code', 'rule', 'client-id-in-code'],
  ['all app_metadata are in the ID token', 'rule', 'whole-metadata-in-token'],
  ['the Rule copies metadata, and has ended', 'rule', 'rule-copies-metadata'],
  ['every status but 200 is a refusal', 'login', 'outage-as-refusal'],
  ['a refusal is no WrongUsernameOrPasswordError', 'login', 'refusal-without-error'],
  ['no request has a timeout', 'login', 'request-without-timeout'],
  ['the ID token is not verified', 'login', 'unverified-jwt'],
  ['names are blanked', 'login', 'blank-profile-field'],
  ['the module is of another age', 'login', 'webtask-era-module'],
  ['the search takes the address as it is', 'get_user', 'unescaped-user-search'],
  ['the search is eventually consistent', 'get_user', 'user-search-in-login'],
  ['the first of several users is taken', 'get_user', 'first-of-several'],
  ['a failed token calls nobody back', 'get_user', 'lost-rejection'],
  ['the modules are of another age', 'get_user', 'webtask-era-module'],
  ['no request of get_user has a timeout', 'get_user', 'request-without-timeout'],
  ['the ids are made in two ways', 'pair', 'user-ids-differ'],
  ['the profiles differ', 'pair', 'profiles-differ'],
  ['only get_user looks at the mark', 'pair', 'mark-in-one-script'],
]

for (const [weakness, where, id] of seen) {
  test(`inspectCode: sees in the sample that ${weakness}`, () => {
    expect(found[where]).toContain(id)
  })
}

test('inspectCode: sees nothing else in the sample', () => {
  const all = Object.entries(found).flatMap(([where, ids]) => ids.map((id) => `${where} ${id}`))
  expect(all.sort()).toEqual(seen.map(([, where, id]) => `${where} ${id}`).sort())
})
