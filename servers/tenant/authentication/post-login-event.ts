import type { Protocol } from '../../../actions-testing/types/post-login/transaction.ts'
import type { Event } from '../../../actions-testing/types/post-login/v3.ts'
import type { Client, Connection, JsonObject, ResourceServer, Tenant, User } from '../state.ts'
import { rolesAtLogin } from '../users/member-roles.ts'
import { isObject } from '../users/metadata.ts'
import { type Organization, shownOrganization } from '../users/organizations.ts'
import type { Authenticated, AuthorizationRequest, RefreshToken, Session } from './login-state.ts'

/** A login on its way to the trigger. */
export interface LoginAttempt {
  readonly client: Client
  readonly connection: Connection
  readonly organization: Organization | null
  readonly who: Authenticated
  readonly protocol: Protocol
  readonly api: ResourceServer | null
  readonly requestedScopes: readonly string[]
  /** Of the requested, those that may be granted. */
  readonly scopes: readonly string[]
  readonly request: Event['request']
  /** Browser flows. */
  readonly authorization: AuthorizationRequest | null
  /** Only on the login page. */
  readonly transactionId: string | null
  readonly session: Session | null
  readonly refreshToken: RefreshToken | null
}

/**
 * `event` as the trigger starts, or goes on; `secrets` is each Action's own.
 *
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export function postLoginEvent(
  tenant: Tenant,
  attempt: LoginAttempt,
  user: User,
  transactionMetadata: TransactionMetadata = {},
): Omit<Event, 'secrets'> {
  const { api, connection, organization, refreshToken, session, who } = attempt
  return {
    authentication: { methods: who.methods },
    authorization: { roles: rolesAtLogin(tenant, organization, user.profile.user_id) },
    client: clientOf(attempt.client),
    connection: {
      id: connection.id,
      name: connection.name,
      strategy: connection.strategy,
      metadata: metadataOf(connection),
    },
    // https://auth0.com/docs/customize/experiment-center/integrations/actions-integration-guide
    experiment: null,
    ...(organization !== null && { organization: shownOrganization(organization) }),
    request: attempt.request,
    ...(api !== null && { resource_server: { identifier: api.identifier } }),
    ...(session !== null && { session: sessionOf(session) }),
    ...(refreshToken !== null && { refresh_token: refreshTokenOf(refreshToken, attempt.client) }),
    stats: { logins_count: Number(user.profile.logins_count ?? 0) },
    tenant: { id: tenant.name },
    transaction: { ...transactionOf(attempt), metadata: transactionMetadata },
    user: userOf(user.profile),
  }
}

function metadataOf({ settings }: Connection): JsonObject {
  return isObject(settings?.metadata) ? settings.metadata : {}
}

type TransactionMetadata = NonNullable<NonNullable<Event['transaction']>['metadata']>

export function clientOf(client: Client): Event['client'] {
  const policies = isObject(client.refresh_token) ? client.refresh_token.policies : undefined
  return {
    client_id: client.client_id,
    name: client.name,
    metadata: (isObject(client.client_metadata) ? client.client_metadata : {}) as Record<
      string,
      string
    >,
    ...(Array.isArray(policies) && { refresh_token: { policies } }),
  }
}

type Transacted = Pick<
  LoginAttempt,
  'authorization' | 'protocol' | 'request' | 'requestedScopes' | 'transactionId'
>

export function transactionOf(
  attempt: Transacted,
): Omit<NonNullable<Event['transaction']>, 'metadata'> {
  const { authorization, protocol, requestedScopes, transactionId } = attempt
  const common = {
    protocol,
    requested_scopes: requestedScopes,
    locale: attempt.request.language?.slice(0, 2) ?? 'en',
    acr_values: [],
    ui_locales: authorization?.uiLocales ?? [],
  }
  if (authorization === null) return common
  return {
    ...common,
    ...(transactionId !== null && { id: transactionId }),
    prompt: authorization.prompt,
    redirect_uri: authorization.redirectUri,
    response_mode: authorization.responseMode,
    response_type: ['code'],
    ...(authorization.state !== null && { state: authorization.state }),
    ...(authorization.loginHint !== null && { login_hint: authorization.loginHint }),
  }
}

function sessionOf(session: Session): NonNullable<Event['session']> {
  return {
    id: session.id,
    user_id: session.userId,
    authenticated_at: iso(session.authenticatedAt),
    created_at: iso(session.createdAt),
    updated_at: iso(session.lastInteractedAt),
    last_interacted_at: iso(session.lastInteractedAt),
    expires_at: iso(session.expiresAt),
    idle_expires_at: iso(session.idleExpiresAt),
    clients: session.clients.map((client_id) => ({ client_id })),
    metadata: {},
  }
}

function refreshTokenOf(token: RefreshToken, client: Client): NonNullable<Event['refresh_token']> {
  const { refresh_token: settings } = client
  return {
    id: token.id,
    client_id: token.clientId,
    user_id: token.userId,
    created_at: iso(token.createdAt),
    rotating: isObject(settings) && settings.rotation_type === 'rotating',
    resource_servers:
      token.audience === null ? [] : [{ audience: token.audience, scopes: token.scopes.join(' ') }],
    ...(token.sessionId !== null && { session_id: token.sessionId }),
    ...(token.lastExchangedAt !== null && { last_exchanged_at: iso(token.lastExchangedAt) }),
    ...(token.expiresAt !== null && { expires_at: iso(token.expiresAt) }),
    ...(token.idleExpiresAt !== null && { idle_expires_at: iso(token.idleExpiresAt) }),
  }
}

/** What Actions are not shown of a profile. Auth0's own counters reach them by `event.stats`. */
const notShown = new Set(['blocked', 'last_ip', 'last_login', 'logins_count'])

function userOf(profile: User['profile']): Event['user'] {
  const shown = Object.entries(profile).filter(([name]) => !notShown.has(name))
  return Object.fromEntries(shown) as JsonObject as unknown as Event['user']
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
