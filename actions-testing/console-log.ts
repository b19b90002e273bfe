import { AsyncLocalStorage } from 'node:async_hooks'
import { Console } from 'node:console'
import { Writable } from 'node:stream'

/** What one run of an Action or a script wrote to its console. */
export interface ConsoleLog {
  text: string
}

/**
 * The run that is under way. A warm instance has one console and many logins at once, so that the
 * run a line belongs to is known only by where it was called from.
 */
export const currentLog = new AsyncLocalStorage<ConsoleLog>()

// https://auth0.com/docs/customize/actions/limitations
const maxCharacters = 256

/** A log as Auth0 keeps it for an Action: its first 256 characters. */
export function actionLog(): ConsoleLog {
  let kept = ''
  return {
    get text() {
      return kept
    },
    set text(longer) {
      kept = longer.slice(0, maxCharacters)
    },
  }
}

/** A `console` that writes into the log of the current run; outside a run, nowhere. */
export function createConsole(): Console {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      const log = currentLog.getStore()
      if (log !== undefined) log.text += String(chunk)
      done()
    },
  })
  return new Console({ stdout: stream, stderr: stream, colorMode: false })
}
