import type { Handler } from './action-under-test.ts'
import { createConsole, currentRun } from './current-run.ts'
import { settled } from './settled.ts'
import { noticeEnd } from './settlement.ts'

const methods = ['debug', 'dir', 'error', 'info', 'log', 'table', 'trace', 'warn'] as const
const kept = createConsole()
const inPlace = new Map<(typeof methods)[number], readonly [own: unknown, wrapper: unknown]>()
let handlers = 0

/**
 * A handler that writes to the console of its test, of which the outcome keeps what it wrote: a test
 * that it logs no address would pass otherwise, whatever it logs. The console goes on as it is, and is
 * what it was when no handler is under way.
 */
export function overheard(handler: Handler): Handler {
  return async (event, api) => {
    if (handlers === 0) listen()
    handlers += 1
    try {
      const end = currentRun.getStore()?.end
      const call = () => handler(event, api)
      await settled(end === undefined ? call() : noticeEnd(call, end))
    } finally {
      handlers -= 1
      if (handlers === 0) restore()
    }
  }
}

function listen(): void {
  for (const method of methods) {
    const own = console[method]
    const wrapper = (...args: unknown[]) => {
      if (currentRun.getStore() !== undefined) Reflect.apply(kept[method], kept, args)
      Reflect.apply(own, console, args)
    }
    inPlace.set(method, [own, wrapper])
    Object.assign(console, { [method]: wrapper })
  }
}

/** Leaves alone what a test has put in place meanwhile, such as a spy. */
function restore(): void {
  for (const [method, [own, wrapper]] of inPlace) {
    if (console[method] === wrapper) Object.assign(console, { [method]: own })
  }
}
