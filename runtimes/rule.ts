import type { Event, PostLoginAPI } from '../actions-testing/types/post-login/v3.ts'
import { isPlainObject } from '../core/plain-object.ts'
import type { SettingValues } from '../core/settings.ts'
import type { PostLoginAction } from './action.ts'
import { tellUnexpected } from './hygiene-step.ts'
import type { InstanceMemory } from './legacy-api-client.ts'

type Profile = { [member: string]: unknown }

/** The slice of a Rule's `context` that the kit reads and writes. */
interface RuleContext {
  readonly protocol?: unknown
  readonly primaryUser?: unknown
  readonly request?: { readonly query?: unknown; readonly body?: unknown }
  idToken?: Record<string, unknown>
  accessToken?: Record<string, unknown>
}

/** `callback(null, user, context)`, or `callback(error)`, which ends the login. */
type RuleCallback = (error: Error | null, user?: Profile, context?: RuleContext) => void

/** A Rule, as Auth0 calls it. */
export type Rule = (user: Profile, context: RuleContext, callback: RuleCallback) => void

// What Auth0 puts into a Rule's scope: not modules, but free names.
// https://auth0.com/docs/customize/rules/configuration and .../rules/use-management-api
declare const configuration: SettingValues
declare const auth0: {
  readonly users: Record<
    'updateAppMetadata' | 'updateUserMetadata',
    (userId: string, metadata: object) => Promise<unknown>
  >
}

/** Milliseconds that a login waits for a profile write: no longer than for the legacy API. */
const writeBudget = 2_000

/** A Rule is evaluated anew at each login: what is to last stands in `global`. */
const lasting = global as { legacyMigrationRules?: InstanceMemory }

/** What outlives a login. The Rules of a tenant share it. */
export function ruleMemory(): InstanceMemory {
  lasting.legacyMigrationRules ??= {}
  return lasting.legacyMigrationRules
}

/**
 * Makes a Rule of an Action: hands it what a Rule is given under the names of Actions, and does by the
 * means of Rules what it asks for. So a Rule cannot but decide as its twin does.
 *
 * The twins differ where the platforms do; docs/rules.md has the list.
 */
export function ruleOf(name: string, action: PostLoginAction): Rule {
  return (user, context, callback) => {
    const asked: Asked = { denied: null, app_metadata: {}, user_metadata: {} }
    // One that throws, and one that calls back twice, fail the login: nothing below does either.
    action(eventOf(user, context), apiOf(asked, context))
      .then(() => store(name, asked, user, context))
      .catch(() => tellUnexpected(name))
      .then(() => {
        if (asked.denied === null) callback(null, user, context)
        else callback(new Error(asked.denied))
      })
  }
}

/** What an Action asks for. */
interface Asked {
  denied: string | null
  readonly app_metadata: Profile
  readonly user_metadata: Profile
}

/**
 * Rules are not told for which API a token is: no `resource_server`. Metadata may be undefined, and so
 * may `request`. https://auth0.com/docs/customize/rules/context-object
 */
function eventOf(user: Profile, { protocol, request }: RuleContext): Event {
  const { query, body } = request ?? {}
  const { prompt } = isPlainObject(query) ? query : {}
  const event = {
    user: {
      ...user,
      app_metadata: user.app_metadata ?? {},
      user_metadata: user.user_metadata ?? {},
    },
    secrets: configuration,
    request: { query: query ?? {}, body: body ?? {} },
    transaction: { protocol, prompt: typeof prompt === 'string' ? prompt.split(' ') : [] },
  }
  return event as unknown as Event
}

function apiOf(asked: Asked, context: RuleContext): PostLoginAPI {
  const api = {
    access: {
      deny(reason: string) {
        asked.denied = reason
      },
    },
    user: {
      setAppMetadata: into(asked.app_metadata),
      setUserMetadata: into(asked.user_metadata),
    },
    idToken: { setCustomClaim: claimsOf(context, 'idToken') },
    accessToken: { setCustomClaim: claimsOf(context, 'accessToken') },
    // There is none: `global` is all that outlives a login.
    cache: { get() {}, set() {}, delete() {} },
  }
  return api as unknown as PostLoginAPI
}

function into(target: Profile): (key: string, value: unknown) => void {
  return (key, value) => {
    target[key] = value
  }
}

function claimsOf(context: RuleContext, token: 'accessToken' | 'idToken') {
  return (claim: string, value: unknown): void => {
    context[token] ??= {}
    context[token][claim] = value
  }
}

/**
 * Changes of `user` are not stored, and what is stored does not show on `user`: both are done here.
 * user_metadata first, since the stamp must never say more than was done.
 *
 * @see https://auth0.com/docs/customize/rules/user-object-in-rules
 */
async function store(name: string, asked: Asked, user: Profile, context: RuleContext) {
  const { primaryUser } = context
  const userId = String(typeof primaryUser === 'string' ? primaryUser : user.user_id)
  const writes = [
    ['user_metadata', 'updateUserMetadata'],
    ['app_metadata', 'updateAppMetadata'],
  ] as const
  for (const [kind, update] of writes) {
    const changes = asked[kind]
    if (Object.keys(changes).length === 0) continue
    if (!(await isDone(auth0.users[update](userId, changes)))) return tellUnexpected(name)
    user[kind] = { ...(user[kind] as object | undefined), ...changes }
  }
}

/** False for a write that failed, or of which nothing was heard in time. */
function isDone(write: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), writeBudget)
    const settle = (done: boolean) => {
      clearTimeout(timer)
      resolve(done)
    }
    write.then(
      () => settle(true),
      () => settle(false),
    )
  })
}
