import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createInProcessRuntime } from '../../actions-testing/in-process-runtime.ts'
import { createWorkerRuntime } from '../../actions-testing/worker-runtime.ts'
import { type LegacyStore, openLegacyStore } from '../runtimes/legacy-store.ts'
import {
  actionsEdition,
  buildEditions,
  type Edition,
  type Ended,
  rulesEdition,
} from './editions.ts'
import { legacyUsers } from './legacy-users.ts'
import { type Scenario, scenarios } from './scenarios.ts'

let store: LegacyStore
let code: ReadonlyMap<string, string>

beforeAll(async () => {
  code = await buildEditions({ claimsBudget: 4_000 })
  store = await openLegacyStore(legacyUsers)
})
afterAll(() => store.close())
beforeEach(() => store.reset())

const runtimes = {
  'in process': () => createInProcessRuntime({ warm: true }),
  'in workers': () => createWorkerRuntime({ warm: true, threads: 1 }),
}

/** What the user, the applications and the legacy store have seen of a scenario. */
async function play(edition: Edition, { user, logins, fault, takenBy }: Scenario) {
  await store.reset()
  if (takenBy !== undefined) await store.mark('1042', takenBy)
  store.front.seen.length = 0
  if (fault !== undefined) store.front.api = fault
  const ended: Ended[] = []
  for (const login of logins) ended.push(await edition.logIn(ended.at(-1)?.user ?? user, login))
  return {
    logins: ended.map(({ writes: _, ...login }) => timeless(login)),
    requests: store.front.seen.map(({ method, path, body }) => timeless({ method, path, body })),
    marks: await store.marks(),
    writes: ended.map(({ writes }) => writes),
  }
}

/** Instants of the run itself are not the same twice; those of the scenario lie in other years. */
function timeless(value: unknown): unknown {
  const today = new Date().toISOString().slice(0, 10)
  const instant = new RegExp(`${today}T[\\d:.]+Z`, 'g')
  return JSON.parse(JSON.stringify(value).replaceAll(instant, 'now'))
}

describe.each(Object.entries(runtimes))('contract, %s', (_, createRuntime) => {
  test.each(scenarios.map((scenario) => [scenario.title, scenario] as const))(
    'the Rules do what the Actions do: %s',
    async (_title, scenario) => {
      const runtime = createRuntime()
      try {
        const { writes: one, ...actions } = await play(
          actionsEdition(code, runtime, store.front.url),
          scenario,
        )
        const { writes: many, ...rules } = await play(
          rulesEdition(code, runtime, store.front.url),
          scenario,
        )
        expect(rules).toEqual(actions)
        // A Rule stores at once: one write for what Actions store together, at most four.
        expect(many.map((count) => count > 0)).toEqual(one.map((count) => count > 0))
        expect(Math.max(...many)).toBeLessThanOrEqual(4)
      } finally {
        await runtime.close()
      }
    },
  )
})

test('contract: the scenarios tell a kit that does nothing from ours', async () => {
  const idle: Edition = {
    logIn: async (user) => ({
      denied: null,
      idTokenClaims: {},
      accessTokenClaims: {},
      user,
      writes: 0,
      log: [],
    }),
  }
  const same: string[] = []
  for (const scenario of scenarios) {
    const runtime = createInProcessRuntime({ warm: true })
    const ours = actionsEdition(code, runtime, store.front.url)
    const [nothing, something] = [await play(idle, scenario), await play(ours, scenario)]
    if (JSON.stringify(nothing) === JSON.stringify(something)) same.push(scenario.title)
    await runtime.close()
  }
  expect(same).toEqual([
    'a user who signed up is none of ours',
    'the same id in another connection is none of ours',
    'a social user is none of ours',
    'the phase is off',
    'the phase is complete',
    'nothing to copy sets no claim',
  ])
})
