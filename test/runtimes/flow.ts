import { createPostLoginEvent } from '../../actions-testing/event.ts'
import { createInProcessRuntime } from '../../actions-testing/in-process-runtime.ts'
import type {
  DatabaseScriptResult,
  DeployedAction,
  PostLoginOutcome,
} from '../../actions-testing/runtime.ts'
import { bundle } from '../../build/bundle.ts'
import { findEntryPoints } from '../../build/entry-points.ts'
import type { MigrationConfig } from '../../core/migration-config.ts'
import { overhear, personal } from './overheard.ts'
import { config, secretsFor } from './post-login.ts'

const order = ['protect-legacy-audience', 'backfill-metadata', 'mark-migrated', 'copy-metadata']

/** A user as Auth0 keeps one. */
export interface StoredUser {
  readonly user_id: string
  readonly created_at: string
  readonly app_metadata: Readonly<Record<string, unknown>>
  readonly user_metadata: Readonly<Record<string, unknown>>
  readonly identities: readonly object[]
}

interface FlowLogin {
  readonly secrets?: Readonly<Record<string, string>>
  readonly event?: Parameters<typeof createPostLoginEvent>[0]
  /** Bound behind the kit's own. */
  readonly more?: readonly DeployedAction[]
}

/** What was published: the four Actions in their order, and the scripts, as bundles. */
export interface Flow {
  /** A login, with nothing written yet: Auth0 does that at the end, if it does. */
  readonly logIn: (user: StoredUser, login?: FlowLogin) => Promise<PostLoginOutcome>
  /** Another instance of the same: it knows nothing of the logins before. */
  readonly anew: () => Flow
  /** One of the kit's Actions, to be bound once more. */
  readonly action: (name: string) => DeployedAction
  readonly runScript: (
    script: 'login' | 'get_user',
    settings?: Readonly<Record<string, string>>,
  ) => Promise<DatabaseScriptResult>
}

/** @param url Of token endpoint and legacy API, unless the secrets of a login say otherwise. */
export async function publish(
  url: () => string,
  overrides: Partial<MigrationConfig> = {},
): Promise<Flow> {
  const code = new Map<string, string>()
  for (const entry of findEntryPoints('.', config.connection)) {
    const made = await bundle(process.cwd(), entry, { ...config, ...overrides })
    if ('problems' in made) throw new Error(made.problems.map(({ message }) => message).join())
    if (entry.published) code.set(entry.name, made.bundle.code)
  }
  return startInstance(url, code)
}

function startInstance(url: () => string, code: ReadonlyMap<string, string>): Flow {
  // Warm, as instances are: what one login learns another one knows.
  const runtime = createInProcessRuntime({ warm: true })
  const flow: Flow = {
    async logIn(user, { secrets = {}, event = {}, more = [] } = {}) {
      const all = { ...secretsFor(url()), ...secrets }
      const actions = order.map((name) => ({ ...flow.action(name), secrets: all }))
      const { identities, ...profile } = user
      const outcome = await runtime.runPostLogin({
        actions: [...actions, ...more],
        event: createPostLoginEvent({
          ...event,
          user: { ...profile, email: personal.email, identities: identities as never },
        }),
      })
      overhearLogin(outcome)
      return outcome
    },
    anew: () => startInstance(url, code),
    action(name) {
      return { name, code: code.get(name) ?? '', secrets: secretsFor(url()) }
    },
    async runScript(script, settings = {}) {
      const { LEGACY_API_URL = '', LEGACY_TOKEN_URL = '' } = secretsFor(url())
      const result = await runtime.runDatabaseScript({
        script,
        code: code.get(script) ?? '',
        args: script === 'login' ? [personal.email, personal.password] : [personal.email],
        configuration: {
          ...{
            LEGACY_API_URL,
            LEGACY_TOKEN_URL,
            LEGACY_API_AUDIENCE: 'https://legacy-api.example',
          },
          LEGACY_SCRIPTS_CLIENT_ID: 'scripts-client',
          LEGACY_SCRIPTS_CLIENT_SECRET: personal.secret,
          ...settings,
        },
      })
      for (const line of result.logs) overhear('log', line)
      if (result.outcome.type === 'error') overhear('error', result.outcome.message)
      return result
    },
  }
  return flow
}

/** What the kit's own Actions said. */
function overhearLogin({ denied, logs }: PostLoginOutcome): void {
  for (const { action, text } of logs) if (order.includes(action)) overhear('log', text)
  if (denied !== null && order.includes(denied.action)) overhear('reason', denied.reason)
}

/** The user once Auth0 has made the one profile write of a login. */
export function written(user: StoredUser, outcome: PostLoginOutcome): StoredUser {
  return {
    ...user,
    app_metadata: { ...user.app_metadata, ...outcome.appMetadata },
    user_metadata: { ...user.user_metadata, ...outcome.userMetadata },
  }
}

/** A legacy user in Auth0, of whom the interrupted first login left nothing but the identity. */
export function interrupted(legacyId: string, overrides: Partial<StoredUser> = {}): StoredUser {
  const id = `${config.idPrefix}${legacyId}`
  return {
    user_id: `auth0|${id}`,
    // No later than any login of these tests: an account that is younger than its mark was made anew.
    created_at: '2026-11-21T00:00:00.000Z',
    app_metadata: {},
    user_metadata: {},
    identities: [
      { connection: config.connection, provider: 'auth0', user_id: id, isSocial: false },
    ],
    ...overrides,
  }
}
