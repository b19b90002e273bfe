import type { GeoIp } from '../request.ts'

/** First and last network place and browser of a session or a refresh token. */
export interface Device {
  readonly initial_asn?: string
  readonly initial_ip?: string
  readonly initial_user_agent?: string
  readonly last_asn?: string
  readonly last_ip?: string
  readonly last_user_agent?: string
}

/** Who acts in a delegated session: `sub`, and up to five claims of the token exchange that began it. */
interface SessionActor {
  readonly sub: string
  readonly [claim: string]: string | number | boolean | null
}

/** `event.session`. All but `id` and `actor` come with the Enterprise plan only. Times are ISO 8601. */
export interface Session {
  readonly id: string
  /** Only in delegated sessions. */
  readonly actor?: SessionActor
  readonly authenticated_at?: string
  readonly clients?: readonly { readonly client_id: string }[]
  readonly cookie?: { readonly mode: 'non-persistent' | 'persistent' }
  readonly created_at?: string
  readonly device?: Device
  readonly expires_at?: string
  readonly idle_expires_at?: string
  readonly last_interacted_at?: string
  readonly metadata?: Readonly<Record<string, unknown>>
  /** When it began by a session transfer (native to web single sign-on). */
  readonly session_transfer?: {
    readonly parent_refresh_token?: {
      readonly id?: string
      readonly metadata?: Readonly<Record<string, unknown>>
    }
  }
  readonly updated_at?: string
  readonly user_id?: string
}

/** `event.refresh_token` (Enterprise): the token being exchanged. Times are ISO 8601. */
export interface RefreshToken {
  readonly id: string
  readonly client_id?: string
  readonly created_at: string
  readonly device?: Device
  readonly expires_at?: string
  readonly idle_expires_at?: string
  readonly last_exchanged_at?: string
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly resource_servers?: readonly { readonly audience: string; readonly scopes: string }[]
  readonly rotating?: boolean
  readonly session_id?: string
  /** When its session began by a session transfer. */
  readonly session_transfer?: { readonly parent_refresh_token?: { readonly id?: string } }
  readonly user_id?: string
}

/** `event.session_transfer_token` (Early Access). */
export interface SessionTransferToken {
  readonly client_id: string
  /** The request that issued the token. */
  readonly request: {
    readonly asn?: string
    readonly geoip?: GeoIp
    readonly ip: string
    readonly user_agent?: string
  }
  readonly scope: readonly string[]
}
