/** `event.agent` (Early Access): the agent that the authenticating application is linked to. */
export interface Agent {
  /** Starts with `agt_`. */
  readonly agent_id: string
  /** Empty, never absent, when the agent has no metadata. */
  readonly agent_metadata: Readonly<Record<string, unknown>>
  readonly name: string
}

/** `event.custom_domain`: the custom domain of the transaction. */
export interface CustomDomain {
  readonly domain: string
  readonly domain_metadata: Readonly<Record<string, unknown>>
}

/** `event.organization`: the Organization of the transaction. */
export interface Organization {
  readonly id: string
  readonly display_name: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly name: string
}

/** `event.resource_server`: the API that access is requested for. */
export interface ResourceServer {
  /** Its audience, such as `https://api.example.com`. */
  readonly identifier: string
}

/** `event.tenant`. */
export interface Tenant {
  /** Name of the tenant. */
  readonly id: string
}

/** Who acts, and on whose behalf: the actor of a token exchange. */
export interface Actor {
  readonly sub: string
  /** The next actor in the chain of delegation. */
  readonly act?: Actor
  readonly [claim: string]: unknown
}
