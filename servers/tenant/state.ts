import type { JSONWebKeySet } from 'jose'
import type { Activity, Mail } from './activity.ts'
import type { RateLimiter } from './rate-limits.ts'

/** JSON as the Management API sends and takes it: members keep Auth0's `snake_case`. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

export interface Client extends JsonObject {
  readonly client_id: string
  readonly client_secret: string
  readonly name: string
  readonly app_type?: string
  readonly is_first_party: boolean
  /** Absent: as `client_secret_post`, or by keys where there are any. */
  readonly token_endpoint_auth_method?: string
  readonly grant_types: readonly string[]
  readonly callbacks?: readonly string[]
}

export interface ClientGrant extends JsonObject {
  readonly id: string
  readonly client_id: string
  readonly audience: string
  readonly scope: readonly string[]
  readonly subject_type: 'client' | 'user'
}

export interface ResourceServer extends JsonObject {
  readonly id: string
  readonly identifier: string
  readonly name?: string
  readonly scopes?: readonly { readonly value: string; readonly description?: string }[]
  readonly token_lifetime: number
  readonly allow_offline_access: boolean
  readonly subject_type_authorization: {
    readonly user: { readonly policy: 'allow_all' | 'require_client_grant' | 'deny_all' }
    readonly client: { readonly policy: 'require_client_grant' | 'deny_all' }
  }
}

export interface Connection {
  readonly id: string
  readonly name: string
  readonly strategy: string
  /** `configuration` is kept in the clear here, and never shown by the API. */
  readonly options: JsonObject
  /** Client ids of the applications it is enabled for. */
  readonly enabled_clients: readonly string[]
  /** Whatever else the Management API was given: `display_name`, `metadata`, `realms`, … */
  readonly settings?: JsonObject
}

export interface Action {
  readonly id: string
  readonly name: string
  /** The draft; `deployed` is what runs. */
  readonly code: string
  readonly runtime: string
  readonly supported_triggers: readonly { readonly id: string; readonly version: string }[]
  readonly dependencies: readonly {
    readonly name: string
    readonly version: string
    readonly registry_url?: string
  }[]
  readonly secrets: readonly {
    readonly name: string
    readonly value: string
    readonly updated_at: string
  }[]
  /** Of the draft. A pending one is settled when it is next looked at: see `settleBuild`. */
  readonly status: 'pending' | 'building' | 'built' | 'failed'
  /** Milliseconds since the epoch: when the build of a pending draft ends. */
  readonly build_ends_at?: number
  /** It was made with `deploy`. */
  readonly deploys_when_built?: boolean
  /** Why the draft's build failed. */
  readonly errors: readonly JsonObject[]
  /** Of the version that a failed build of the draft is listed as. */
  readonly failed_version_id?: string
  readonly deployed: DeployedVersion | null
  /** The oldest first; `deployed` is the last of them. */
  readonly versions?: readonly DeployedVersion[]
  readonly created_at: string
  readonly updated_at: string
}

export interface DeployedVersion {
  readonly id: string
  readonly number: number
  readonly code: string
  readonly secrets: readonly {
    readonly name: string
    readonly value: string
    readonly updated_at?: string
  }[]
  readonly runtime?: string
  readonly dependencies?: Action['dependencies']
  readonly built_at?: string
  readonly created_at: string
}

export interface Binding {
  readonly id: string
  readonly trigger_id: string
  readonly action_id: string
  readonly display_name: string
  readonly created_at: string
}

export interface Identity {
  readonly connection: string
  readonly provider: string
  /** Without `auth0|`. */
  readonly user_id: string
  readonly isSocial: boolean
  readonly profileData?: JsonObject
}

/** A user as GET /api/v2/users/{id} shows it, and what Auth0 keeps to itself. */
export interface User {
  /** The public profile: `user_id`, `email`, `app_metadata`, `identities`, `created_at`, … */
  readonly profile: JsonObject & {
    readonly user_id: string
    readonly email?: string
    readonly email_verified: boolean
    readonly app_metadata: JsonObject
    readonly user_metadata: JsonObject
    readonly identities: readonly JsonObject[]
    readonly created_at: string
    readonly updated_at: string
  }
  /** Of the database identity; absent for users of other strategies. */
  readonly passwordHash?: string
  /** Of linked database identities, by `provider|user_id`. */
  readonly linkedPasswordHashes?: Readonly<Record<string, string>>
  /** What a login script handed over as `mfa_factors`; kept, not asked for at login. */
  readonly mfaFactors?: readonly Json[]
}

/** The whole tenant. Resources are replaced, never changed in place. */
export interface TenantState {
  readonly clients: Map<string, Client>
  readonly clientGrants: Map<string, ClientGrant>
  readonly resourceServers: Map<string, ResourceServer>
  readonly connections: Map<string, Connection>
  readonly actions: Map<string, Action>
  /** By trigger id, in binding order. */
  readonly bindings: Map<string, readonly Binding[]>
  /** By user_id. */
  readonly users: Map<string, User>
  readonly settings: Map<'tenant', JsonObject>
  /** Other resources that deploy-cli reads and writes: by type (`rules`, `email-templates`, …), then by id. */
  readonly others: Map<string, Map<string, JsonObject>>
}

/** What every part of the server is given. */
export interface Tenant {
  readonly state: TenantState
  /** `https://127.0.0.1:PORT/`, with its trailing slash: `iss` of every token. */
  readonly issuer: string
  /** `127.0.0.1:PORT`: what AUTH0_DOMAIN is set to. */
  readonly domain: string
  /** The tenant's name, `event.tenant.id`. */
  readonly name: string
  readonly now: () => number
  readonly jwks: JSONWebKeySet
  /** Outbox, logs, sessions, codes and tokens: `createActivity()`. */
  readonly activity: Activity
  /** Of the tenant's plan; absent where nothing is limited. */
  readonly rateLimiter?: RateLimiter
  /** Told of every mail. */
  readonly onMail?: (mail: Mail) => void
  /** Cost of bcrypt: 10, as Auth0's, unless tests want it cheaper (4 is the least). */
  readonly passwordHashRounds?: number
}
