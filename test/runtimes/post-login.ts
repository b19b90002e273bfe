import { vi } from 'vitest'
import type { CacheAPI } from '../../actions-testing/types/cache.ts'
import type { Event, PostLoginAPI } from '../../actions-testing/types/post-login/v3.ts'
import type { MigrationConfig } from '../../core/migration-config.ts'
import type { PostLoginAction } from '../../runtimes/action.ts'
import { overhear, personal } from './overheard.ts'

export const config: MigrationConfig = {
  connection: 'legacy-users',
  idPrefix: 'legacy-users|',
  backfill: { since: '2026-11-21' },
  claims: [
    { name: 'plan', path: 'app_metadata.plan', tokens: ['id', 'access'] },
    { name: 'locale', path: 'user_metadata.locale', tokens: ['id'] },
  ],
}

/** The legacy user that the server gives out, and the one that logs in. */
export const legacyUser = {
  legacy_id: '1042',
  email: personal.email,
  email_verified: true,
  app_metadata: { plan: personal.profile },
  user_metadata: { locale: 'cy' },
  migrated_at: null,
}

export function secretsFor(url: string, overrides: Record<string, string> = {}) {
  return {
    LEGACY_API_URL: url,
    LEGACY_API_AUDIENCE: 'https://legacy-api.example',
    LEGACY_TOKEN_URL: `${url}/oauth/token`,
    LEGACY_ACTIONS_CLIENT_ID: 'actions-client',
    LEGACY_ACTIONS_CLIENT_SECRET: personal.secret,
    CLAIM_NAMESPACE: 'https://claims.example/',
    ...overrides,
  }
}

/** `api.cache` as it is when it works: what it was given, until it expires. */
export function workingCache(now = Date.now) {
  const records = new Map<string, { value: string; expires_at: number }>()
  let calls = 0
  const cache = {
    get(key: string) {
      calls += 1
      const record = records.get(key)
      return record !== undefined && record.expires_at > now() ? record : undefined
    },
    set(key: string, value: string, { expires_at = 0 } = {}) {
      calls += 1
      records.set(key, { value, expires_at })
      return { type: 'success', record: { value, expires_at } }
    },
    delete: (key: string) => records.delete(key),
  } as unknown as CacheAPI
  return { cache, records, calls: () => calls }
}

export interface Login {
  readonly secrets: Record<string, string>
  readonly user?: object
  readonly transaction?: object
  readonly request?: object
  readonly resource_server?: object
  readonly cache?: CacheAPI
  /** Replaces members of `api`, for one that fails. */
  readonly api?: object
}

export interface LoginResult {
  readonly denied: string | null
  readonly appMetadata: Record<string, unknown>
  readonly userMetadata: Record<string, unknown>
  readonly id: Record<string, unknown>
  readonly access: Record<string, unknown>
}

/** Runs one Action for one login, with the slice of Auth0 that the kit touches. */
export async function logIn(action: PostLoginAction, login: Login): Promise<LoginResult> {
  const result = {
    denied: null as string | null,
    appMetadata: {} as Record<string, unknown>,
    userMetadata: {} as Record<string, unknown>,
    id: {} as Record<string, unknown>,
    access: {} as Record<string, unknown>,
  }
  const into = (claims: Record<string, unknown>) => ({
    setCustomClaim: (name: string, value: unknown) => {
      claims[name] = value
    },
  })
  const api = {
    access: {
      deny: (reason: string) => {
        result.denied = reason
        overhear('reason', reason)
      },
    },
    user: {
      setAppMetadata: (key: string, value: unknown) => {
        result.appMetadata[key] = value
      },
      setUserMetadata: (key: string, value: unknown) => {
        result.userMetadata[key] = value
      },
    },
    idToken: into(result.id),
    accessToken: into(result.access),
    cache: login.cache ?? workingCache().cache,
    ...login.api,
  }
  await action(eventOf(login), api as unknown as PostLoginAPI)
  return result
}

function eventOf({ user, cache: _, api: __, ...login }: Login): Event {
  const event = {
    user: {
      user_id: 'auth0|legacy-users|1042',
      email: personal.email,
      created_at: '2026-11-25T10:00:00.000Z',
      app_metadata: {},
      user_metadata: {},
      identities: [{ connection: 'legacy-users', provider: 'auth0', user_id: 'legacy-users|1042' }],
      ...user,
    },
    ...login,
  }
  return event as unknown as Event
}

/** Collects the log from here on. */
export function listen() {
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => {
    lines.push(line)
    overhear('log', line)
  })
  return lines
}
