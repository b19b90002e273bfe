import { afterAll, beforeAll, expect, test } from 'vitest'
import { report } from '../../cli/demo/fact.ts'
import { facts } from '../../cli/demo/facts.ts'
import { createWorld, type World } from '../../cli/demo/world.ts'
import {
  changeAction,
  changeBundle,
  changed,
  changeScript,
  emptyTheGrant,
  type Mutation,
  makeNoOp,
  switchImportModeOff,
  unbind,
} from './mutation.ts'
import { copyProject } from './project-copy.ts'

/** For each fact of the demo, what turns it false. A fact that nothing turns would show nothing. */
const mutations: readonly (readonly [fact: string, change: string, mutation: Mutation])[] = [
  ['published', 'an Action is unbound', unbind('mark-migrated')],
  ['published', 'an Action runs other code', changeAction('copy-metadata', 'void', 'void ')],
  ['first-login-with-legacy-password', 'login is a no-op', makeNoOp('login')],
  [
    'no-backfill-call-when-metadata-arrived',
    'login hands over no stamp',
    changeScript('login', (code) =>
      changed(code, '{ ...appMetadata, [stampKey]: stamp }', '{ ...appMetadata }'),
    ),
  ],
  ['interrupted-login-backfilled', 'backfill is unbound', unbind('backfill-metadata')],
  [
    'user-edits-kept',
    'backfill overwrites what is there',
    changeAction('backfill-metadata', '!Object.hasOwn(present, key)', 'true'),
  ],
  ['marked-in-legacy-store', 'mark is unbound', unbind('mark-migrated')],
  ['claims-in-id-token-access-token-userinfo', 'copy is unbound', unbind('copy-metadata')],
  [
    'claims-in-id-token-access-token-userinfo',
    'locale goes into the access token too',
    changeAction('copy-metadata', 'access: tokens.includes("access")', 'access: true'),
  ],
  [
    'second-login-zero-legacy-calls',
    'mark does not believe the stamp',
    changeAction('mark-migrated', 'case "marked":', 'case "never":'),
  ],
  ['forgotten-password-before-first-login', 'get_user is a no-op', makeNoOp('get_user')],
  ['email-changed-away-and-back', 'mark is unbound', unbind('mark-migrated')],
  ['deleted-user-stays-gone', 'mark is unbound', unbind('mark-migrated')],
  ['blocked-address-cannot-sign-up', 'get_user is a no-op', makeNoOp('get_user')],
  [
    'audience-refused-to-people-on-every-grant',
    'protect is unbound',
    unbind('protect-legacy-audience'),
  ],
  ['audience-given-to-the-machine', 'a scope is taken from the grant', emptyTheGrant],
  [
    'new-sign-up-makes-no-legacy-call',
    'every user counts as a legacy user',
    changeAction('backfill-metadata', '"idPrefix": "legacy-users|"', '"idPrefix": ""'),
  ],
  ['outage-migrated-users-log-in', 'import mode is off', switchImportModeOff],
  [
    'outage-leaves-no-stamp',
    'an outage counts as a missing user',
    changeAction(
      'backfill-metadata',
      'return outage(answer)',
      'return stamped(user, identity, "not-found", now)',
    ),
  ],
  ['outage-sign-up-refused', 'get_user is a no-op', makeNoOp('get_user')],
  [
    'html-404-leaves-no-stamp',
    'any 404 counts as a missing user',
    changeAction(
      'backfill-metadata',
      'return { ...unavailable, status };',
      'return { type: "problem", problem: "user-not-found" };',
    ),
  ],
  [
    'unset-secret-fails-closed',
    'protect lets logins through when it has no audience',
    changeBundle(
      'actions/protect-legacy-audience.js',
      '"deny-unconfigured" : "allow"',
      '"allow" : "allow"',
    ),
  ],
]

const project = copyProject()
let world: World

beforeAll(async () => {
  world = await createWorld({ root: project.root })
}, 180_000)

afterAll(async () => {
  await world?.close()
  project.remove()
})

test('mutations: every fact of the demo has one', () => {
  const turned = new Set(mutations.map(([fact]) => fact))
  expect([...turned].sort()).toEqual(facts.map(({ name }) => name).sort())
})

test.each(mutations)('%s: is false when %s', { timeout: 120_000 }, async (name, _, mutation) => {
  const fact = facts.find((candidate) => candidate.name === name)
  if (fact === undefined) throw new Error(`There is no fact ${name}`)
  const mend = await mutation(world)
  try {
    expect(await report(fact, world)).toMatchObject({ name, holds: false })
  } finally {
    await mend()
  }
})

// Last, in the same world: the changes were what turned the facts, and nothing else was.
test('mutations: every fact holds again once they are taken back', {
  timeout: 120_000,
}, async () => {
  for (const fact of facts) {
    expect(await report(fact, world)).toMatchObject({ name: fact.name, holds: true })
  }
})
