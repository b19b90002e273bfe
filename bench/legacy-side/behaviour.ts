import type { FaultMix } from './fates.ts'

/** How the other side behaves until it is told otherwise. */
export interface Behaviour {
  /** Milliseconds that each answer takes. */
  readonly delay: number
  readonly faults?: FaultMix
  /** True: the legacy API is gone. It takes requests and never answers; the token endpoint does. */
  readonly gone?: boolean
}

/** What reached it since it was told how to behave. */
export interface Traffic {
  /** Requests of all kinds. */
  readonly requests: number
  readonly tokens: number
  /** TCP connections that were opened. */
  readonly connections: number
}

/** Where it listens, on loopback. */
export interface Addresses {
  /** Without TLS. */
  readonly plain: string
  readonly tls: string
  /** TLS, behind {@link roundTrip} of network. */
  readonly far: string
  /** PEM of the certificate, which is its own authority. */
  readonly certificate: string
}

/** Milliseconds of network to {@link Addresses.far} and back. */
export const roundTrip = 20

export type Order = { readonly behave: Behaviour } | { readonly tell: 'traffic' }
