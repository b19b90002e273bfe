import { afterAll, beforeAll, expect, test } from 'vitest'
import { createInProcessRuntime } from '../../actions-testing/in-process-runtime.ts'
import { movedKey } from '../../core/old-tenant-user.ts'
import type { JsonObject } from '../../servers/tenant/state.ts'
import type { Answer, Seen } from '../runtimes/legacy-server.ts'
import { type LegacyStore, openLegacyStore } from '../runtimes/legacy-store.ts'
import { buildFromTenant } from '../runtimes/old-tenant/bundles.ts'
import { addOldUser, oldProfile } from '../runtimes/old-tenant/old-users.ts'
import { type Asked, type OldTenantWorld, openOldTenant } from '../runtimes/old-tenant/world.ts'
import { config } from '../runtimes/post-login.ts'
import { actionsEdition, buildEditions, type Edition, type Ended, type Login } from './editions.ts'
import { legacyUsers } from './legacy-users.ts'
import { type Scenario, scenarios } from './scenarios.ts'

/** The same scenarios, and the users of an old tenant in the place of those behind a legacy API. */
let store: LegacyStore
let world: OldTenantWorld
let ofApi: ReadonlyMap<string, string>
let ofTenant: Map<string, string>

const bundleConfig = { claimsBudget: 4_000, idPrefix: config.idPrefix }

beforeAll(async () => {
  store = await openLegacyStore(legacyUsers)
  world = await openOldTenant()
  ofApi = await buildEditions(bundleConfig)
  const built = await buildFromTenant(bundleConfig)
  ofTenant = new Map([...built].map(([name, code]) => [`action ${name}`, code]))
  // There is no legacy API: what denies people its tokens is not published.
  ofTenant.delete('action protect-legacy-audience')
  for (const { app_metadata = {}, email, legacy_id: id, user_metadata = {} } of legacyUsers) {
    const profile = { app_metadata, user_metadata } as JsonObject
    await addOldUser(world, { id, email, profile })
  }
})
afterAll(async () => {
  await store.close()
  await world.close()
})

/** Scenarios that are about the HTTP contract or the API itself, and why the old tenant has none such. */
const leftOut: readonly (readonly [title: RegExp, because: string])[] = [
  [
    /^LEGACY_API_AUDIENCE is not set$/,
    'OLD_TENANT_DOMAIN says which API; nothing else could be meant',
  ],
  [/^LEGACY_TOKEN_URL is not set$/, 'OLD_TENANT_DOMAIN says where tokens are'],
  [/^the token endpoint is not ours$/, 'there is no setting with a scheme: it is https always'],
  [/^a person asks for the legacy API: /, 'there is no API to protect, and so no Action that does'],
  [/^no API can be told from the legacy one$/, 'as above'],
]

const shared = scenarios.filter(({ title }) => !leftOut.some(([left]) => left.test(title)))

/** Settings that stand for one another. */
const settingTwins: Readonly<Record<string, string>> = {
  LEGACY_API_URL: 'OLD_TENANT_DOMAIN',
  LEGACY_ACTIONS_CLIENT_ID: 'OLD_TENANT_CLIENT_ID',
  LEGACY_ACTIONS_CLIENT_SECRET: 'OLD_TENANT_CLIENT_SECRET',
}

async function playApi(scenario: Scenario) {
  const { fault, takenBy } = scenario
  await store.reset()
  if (takenBy !== undefined) await store.mark('1042', takenBy)
  if (fault !== undefined) store.front.api = fault
  const runtime = createInProcessRuntime({ warm: true })
  const played = await play(actionsEdition(ofApi, runtime, store.front.url), scenario)
  return { ...played, marks: await store.marks() }
}

async function playTenant(scenario: Scenario) {
  const { fault, takenBy } = scenario
  world.reset()
  resetMarks(takenBy)
  if (fault !== undefined) world.answers = (asked) => ofManagement(asked, fault)
  const globals = { fetch: world.send }
  const runtime = createInProcessRuntime({ warm: true, globals })
  const edition = actionsEdition(ofTenant, runtime, 'https://nowhere.example')
  const settled: Edition = { logIn: (user, login) => edition.logIn(user, inTerms(login)) }
  return { ...(await play(settled, scenario)), marks: marksOfTenant() }
}

async function play(edition: Edition, { logins, user }: Scenario) {
  const ended: Ended[] = []
  for (const login of logins) ended.push(await edition.logIn(ended.at(-1)?.user ?? user, login))
  return { logins: ended.map(timeless) }
}

function inTerms({ settings = {}, ...login }: Login): Login {
  const asked = Object.entries(settings).map(([name, value]) => {
    const twin = settingTwins[name] ?? name
    return [twin, value?.replace(name, twin)] as const
  })
  return { ...login, settings: { ...world.settings, ...Object.fromEntries(asked) } }
}

function resetMarks(takenBy: string | undefined): void {
  const { users } = world.old.tenant.state
  for (const { legacy_id } of legacyUsers) {
    const user = users.get(`auth0|${legacy_id}`) ?? expect.fail()
    const { [movedKey]: _, ...app_metadata } = user.profile.app_metadata
    const taken = {
      auth0_user_id: takenBy ?? '',
      migrated_at: new Date().toISOString(),
      metadata: 'complete',
    }
    const marked = {
      ...app_metadata,
      ...(takenBy && legacy_id === '1042' && { [movedKey]: taken }),
    }
    users.set(user.profile.user_id, { ...user, profile: { ...user.profile, app_metadata: marked } })
  }
}

function marksOfTenant() {
  return legacyUsers.flatMap(({ legacy_id }) => {
    const mark = oldProfile(world, `auth0|${legacy_id}`).app_metadata[movedKey]
    if (mark === undefined) return []
    const { auth0_user_id, metadata } = mark as JsonObject
    return [{ legacy_id, auth0_user_id, metadata }]
  })
}

/** What befalls the legacy API, befalls the Management API: a legacy user is a profile there. */
async function ofManagement(
  { authorization, body, method, path }: Asked,
  fault: NonNullable<Scenario['fault']>,
): Promise<Response | undefined> {
  if (!path.startsWith('/api/v2/')) return undefined
  const seen: Seen = {
    method: method === 'PATCH' ? 'PUT' : method,
    path,
    authorization,
    body,
    at: 0,
  }
  const answer: Answer = await fault(seen)
  if (typeof answer === 'string') throw new Error(`no ${answer} here`)
  if (answer.status !== 200) return new Response(null, { status: answer.status })
  const { legacy_id, migrated_at: _, ...user } = JSON.parse(answer.body ?? '{}')
  const identity = {
    connection: 'Username-Password-Authentication',
    provider: 'auth0',
    user_id: legacy_id,
  }
  return Response.json({ ...user, user_id: `auth0|${legacy_id}`, identities: [identity] })
}

/** Instants of the run itself, and the one word that differs: how a setting is called. */
function timeless(value: unknown): unknown {
  const today = new Date().toISOString().slice(0, 10)
  const text = JSON.stringify(value).replaceAll(new RegExp(`${today}T[\\d:.]+Z`, 'g'), 'now')
  const named = Object.entries(settingTwins).reduce(
    (said, [name, twin]) => said.replaceAll(`"${name}"`, `"${twin}"`),
    text,
  )
  return JSON.parse(named)
}

test.each(shared.map((scenario) => [scenario.title, scenario] as const))(
  'an old tenant does what a legacy API does: %s',
  async (_, scenario) => {
    expect(await playTenant(scenario)).toEqual(await playApi(scenario))
  },
)

test('contract: no scenario is left out for nothing, and each for one reason', () => {
  for (const [title] of leftOut) expect(scenarios.some((one) => title.test(one.title))).toBe(true)
  expect(shared.length).toBeGreaterThan(scenarios.length * 0.7)
})
