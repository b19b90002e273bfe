import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fault, faults } from '../../cli/demo/front-door-faults.ts'
import type { SampleUser } from '../../cli/demo/legacy-users.ts'
import { logIn } from '../../cli/demo/login.ts'
import {
  auth0IdOf,
  callsDuring,
  findUser,
  interruptFirstLogin,
  stampOf,
  timed,
  whileLegacyIs,
} from '../../cli/demo/observe.ts'
import { signUp } from '../../cli/demo/self-service.ts'
import { createWorld, type World } from '../../cli/demo/world.ts'
import { copyProject } from '../mutations/project-copy.ts'

const project = copyProject()
const met: SampleUser[] = []
let world: World

beforeAll(async () => {
  world = await createWorld({ root: project.root, users: 100 })
}, 180_000)

afterAll(async () => {
  await world?.close()
  project.remove()
})

function someone(): SampleUser {
  const user = world.legacy.takeUser()
  met.push(user)
  return user
}

/** Milliseconds: the budget of the backfill, a tenth of it, and what the rest of a login takes here. */
const longestLogin = 2_000 * 1.1 + 1_500

const names = Object.keys(faults) as Fault[]

test.each(names)(
  'legacy API, %s: a login goes on, nothing is stamped, the next repairs',
  async (fault) => {
    const user = someone()
    await interruptFirstLogin(world, user, () => logIn(world, user))
    const logged = world.logs.length

    const during = await whileLegacyIs(world, fault, () =>
      callsDuring(world, () => timed(() => logIn(world, user))),
    )
    expect(during.result.result.type).toBe('tokens')
    expect(during.result.elapsed).toBeLessThan(longestLogin)
    expect(during.calls.every((call) => call === 'GET /v1/users/{legacy_id}')).toBe(true)
    const stored = await findUser(world, auth0IdOf(user))
    expect(stampOf(stored)).toEqual({})
    expect(stored).not.toHaveProperty('app_metadata')
    const lines = world.logs.slice(logged).map((line) => JSON.parse(line))
    expect(lines).toEqual([
      expect.objectContaining({
        code: expect.stringMatching(/^legacy_api_(unavailable|invalid_response)$/),
        action: 'backfill-metadata',
      }),
    ])

    await logIn(world, user)
    const mended = await findUser(world, auth0IdOf(user))
    expect(mended?.app_metadata).toMatchObject(user.app_metadata)
    expect(stampOf(mended)).toMatchObject({ backfill: 'filled', mark: 'marked' })
  },
)

test.each(names)(
  'legacy API, %s: whoever waits is nobody else, and nobody takes the address',
  { timeout: 60_000 },
  async (fault) => {
    const user = someone()
    const password = 'N3w-Passw0rd!'
    const [login, status] = await whileLegacyIs(world, fault, async () => [
      await logIn(world, user),
      await signUp(world, user.email, password),
    ])
    expect(login.type).toBe('rejected')
    expect(status).toBeGreaterThanOrEqual(400)
    expect(await findUser(world, auth0IdOf(user))).toBeNull()
    expect((await logIn(world, { ...user, password })).type).toBe('rejected')
    expect((await logIn(world, user)).type).toBe('tokens')
  },
)

test('what leaves: no log line holds anything of a user', () => {
  const secrets = Object.entries(world.keywords)
    .filter(([name]) => name.endsWith('_SECRET'))
    .map(([, secret]) => secret)
  expect(world.logs.length).toBeGreaterThan(names.length)
  for (const line of world.logs) {
    expect(line.length).toBeLessThanOrEqual(256)
    expect(line).not.toMatch(/@|Bearer|eyJ/)
    for (const user of met) {
      for (const value of [user.email, user.password, user.name, user.app_metadata.customer_no]) {
        expect(line).not.toContain(value)
      }
    }
    for (const secret of secrets) expect(line).not.toContain(secret)
  }
})
