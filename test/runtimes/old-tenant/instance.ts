import { createPostLoginEvent } from '../../../actions-testing/event.ts'
import type { Runtime } from '../../../actions-testing/runtime.ts'
import type { StoredUser } from '../flow.ts'
import { overhear, personal } from '../overheard.ts'

export type Settings = Readonly<Record<string, string>>

export interface Instance {
  readonly login: (username: string, password: string, settings?: Settings) => Promise<Called>
  readonly getUser: (email: string, settings?: Settings) => Promise<Called>
  /** The Actions that follow, for a user of the new tenant. @returns The user as stored then. */
  readonly actions: (user: StoredUser, settings?: Settings) => Promise<Ended>
}

/** How a script called back, and what it said. */
interface Called {
  readonly type: string
  readonly profile?: Readonly<Record<string, unknown>>
  /** Of an error: its name, and its message. */
  readonly name?: string
  readonly message?: string
  readonly knownUser?: boolean
  readonly log: readonly Readonly<Record<string, unknown>>[]
}

interface Ended {
  readonly user: StoredUser
  readonly log: readonly Readonly<Record<string, unknown>>[]
}

/** @param settings Those that work; a call may replace some. */
export function instanceOf(
  runtime: Runtime,
  code: ReadonlyMap<string, string>,
  settings: Settings,
): Instance {
  const call = async (script: 'login' | 'get_user', args: readonly string[], other: Settings) => {
    const configuration = { ...settings, ...other }
    const run = { script, code: code.get(script) ?? '', args, configuration }
    const { logs, outcome } = await runtime.runDatabaseScript(run)
    for (const line of logs) overhear('log', line)
    if (outcome.type === 'error') overhear('error', outcome.message)
    return { ...outcome, log: logs.map((line) => JSON.parse(line)) }
  }
  return {
    login: (username, password, other = {}) => call('login', [username, password], other),
    getUser: (email, other = {}) => call('get_user', [email], other),
    async actions(user, other = {}) {
      const secrets = { ...settings, ...other }
      const names = ['backfill-metadata', 'mark-migrated', 'copy-metadata']
      const actions = names.map((name) => ({ name, secrets, code: code.get(name) ?? '' }))
      const { identities, ...profile } = user
      const event = createPostLoginEvent({
        user: { ...profile, email: personal.email, identities: identities as never },
      })
      const outcome = await runtime.runPostLogin({ actions, event })
      for (const { text } of outcome.logs) overhear('log', text)
      return {
        user: {
          ...user,
          app_metadata: { ...user.app_metadata, ...outcome.appMetadata },
          user_metadata: { ...user.user_metadata, ...outcome.userMetadata },
        },
        log: outcome.logs.map(({ text }) => JSON.parse(text)),
      }
    },
  }
}
