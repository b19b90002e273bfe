import { type CurrentRun, currentRun } from './current-run.ts'
import { messageOf } from './error-message.ts'
import { settled } from './settled.ts'
import { withinTime } from './time-limit.ts'

/** Every way in which a function was heard of, in order. */
type Answer =
  | { readonly by: 'callback'; readonly args: readonly unknown[] }
  | { readonly by: 'throw'; readonly error: unknown }

type Callback = (...args: unknown[]) => void

export interface Heard {
  /** Goes on filling when the function is heard of again later. */
  readonly answers: readonly Answer[]
  readonly inTime: boolean
  /** What it wrote to its console. */
  readonly log: string
}

/**
 * Calls a function that has to call back exactly once, and waits until it has, or has thrown. A second
 * call is among the answers when it comes before the next turn of the event loop.
 *
 * @param call Is handed the callback; what it returns may be a promise, which may reject.
 */
export async function hearOnce(
  call: (callback: Callback) => unknown,
  timeoutMs: number,
): Promise<Heard> {
  const answers: Answer[] = []
  let stopWaiting = () => {}
  const heard = new Promise<void>((resolve) => {
    stopWaiting = resolve
  })
  const hear = (answer: Answer) => {
    answers.push(answer)
    stopWaiting()
  }
  const failed = (error: unknown) => hear({ by: 'throw', error })
  const current: CurrentRun = { log: '', fail: failed }
  const begin = () => {
    try {
      settled(call((...args) => hear({ by: 'callback', args }))).catch(failed)
    } catch (error) {
      failed(error)
    }
    return heard
  }
  const inTime = await withinTime(() => currentRun.run(current, begin), timeoutMs)
  await nextTurn()
  return { answers, inTime, log: current.log }
}

/** The one answer's arguments, or what was wrong: `called back 2 times`. */
export function answerOf({ answers }: Pick<Heard, 'answers'>): readonly unknown[] | string {
  const [answer] = answers
  if (answers.length > 1) {
    const threw = answers.some(({ by }) => by === 'throw')
    return threw ? 'called back and threw' : `called back ${answers.length} times`
  }
  if (answer === undefined) return 'did not call back'
  return answer.by === 'throw' ? `threw: ${messageOf(answer.error)}` : answer.args
}

// Taken at load, so that a test's fake timers cannot hold it back.
const { setImmediate, setTimeout } = globalThis

/** One round through timers and one through immediates: what was due next has run. */
async function nextTurn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0))
  await new Promise((resolve) => setImmediate(resolve))
}
