import { expect, test } from 'vitest'
import {
  profileWriteOf,
  type WriteAnswer,
  writeWithRetries,
} from '../../actions-testing/profile-write.ts'
import { runAction } from '../../actions-testing/run-action.ts'
import type { Event, PostLoginAPI } from '../../actions-testing/types/post-login/v3.ts'

const start = 1_760_000_000_500

/** Answers one after the other, the last for ever; the clock moves only by sleeping. */
function limited(...answers: readonly [WriteAnswer, ...WriteAnswer[]]) {
  let time = start
  const asked: number[] = []
  const write = async () => {
    asked.push(time - start)
    return answers[Math.min(asked.length, answers.length) - 1] as WriteAnswer
  }
  const clock = {
    now: () => time,
    sleep: async (milliseconds: number) => {
      time += milliseconds
    },
  }
  return { asked, clock, write }
}

const at = (seconds: number) => ({
  status: 429,
  rateLimitReset: Math.floor(start / 1000) + seconds,
})

test('writeWithRetries: what is not limited is written once, whatever it is answered', async () => {
  for (const status of [200, 400, 500]) {
    const { asked, clock, write } = limited({ status })
    expect(await writeWithRetries(write, clock)).toEqual({ status, attempts: 1 })
    expect(asked).toEqual([0])
  }
})

test('writeWithRetries: waits until X-RateLimit-Reset, each time', async () => {
  const { asked, clock, write } = limited(at(3), at(5), { status: 200 })
  expect(await writeWithRetries(write, clock)).toEqual({ status: 200, attempts: 3 })
  expect(asked).toEqual([0, 2_500, 4_500])
})

test('writeWithRetries: without the header a second, with one that is over a moment', async () => {
  const { asked, clock, write } = limited({ status: 429 }, at(-9), { status: 200 })
  await writeWithRetries(write, clock)
  expect(asked).toEqual([0, 1_000, 1_100])
})

test('writeWithRetries: gives up when the next attempt would come after the budget', async () => {
  const late = limited(at(60))
  expect(await writeWithRetries(late.write, late.clock)).toEqual({ status: 429, attempts: 1 })
  expect(late.asked).toEqual([0])
  const never = limited({ status: 429 })
  expect(await writeWithRetries(never.write, never.clock, 3_000)).toEqual({
    status: 429,
    attempts: 4,
  })
})

test('profileWriteOf: one write of both objects, to the primary user, or none', async () => {
  const outcomeOf = (ask: (api: PostLoginAPI) => unknown) =>
    runAction(async (_event: Event, api: PostLoginAPI) => void ask(api))
  expect(profileWriteOf('auth0|1', await outcomeOf(() => {}))).toBeNull()
  const both = await outcomeOf((api) => {
    api.user.setAppMetadata('a', 1).user.setUserMetadata('b', null)
  })
  expect(profileWriteOf('auth0|1', both)).toEqual({
    userId: 'auth0|1',
    app_metadata: { a: 1 },
    user_metadata: { b: null },
  })
  expect(profileWriteOf('auth0|1', { ...both, primaryUser: 'auth0|2' })?.userId).toBe('auth0|2')
})
