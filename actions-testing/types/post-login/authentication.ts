export type Confidence = 'low' | 'medium' | 'high' | 'neutral'

/** One way the user proved who they are, during this session. */
export interface AuthenticationMethod {
  /** `federated`, `pwd`, `passkey`, `sms`, `email`, `mfa`, or the URL of a custom method. */
  readonly name: string
  /** ISO 8601. */
  readonly timestamp: string
  /**
   * Factor used when `name` is `mfa`. Not on the reference page, but in the sample event of Auth0's own
   * tests.
   *
   * @see https://github.com/auth0/auth0-actions
   */
  readonly type?: string
}

export interface AgentDetection {
  readonly code: 'unknown' | 'verified_agent'
  readonly confidence: Confidence
  readonly details?: { readonly provider?: string }
}

export interface ImpossibleTravel {
  readonly code:
    | 'anonymous_proxy'
    | 'assessment_not_available'
    | 'impossible_travel_from_last_login'
    | 'initial_login'
    | 'invalid_travel'
    | 'location_history_not_found'
    | 'minimal_travel_from_last_login'
    | 'missing_geoip'
    | 'substantial_travel_from_last_login'
    | 'travel_from_last_login'
    | 'unknown_location'
  readonly confidence: Confidence
}

export interface NewDevice {
  readonly code:
    | 'assessment_not_available'
    | 'initial_login'
    | 'match'
    | 'no_device_history'
    | 'no_match'
    | 'partial_match'
    | 'unknown_device'
  readonly confidence: Confidence
  readonly details?: {
    readonly device?: 'known' | 'unknown'
    readonly useragent?: 'known' | 'unknown'
  }
}

export interface UntrustedIp {
  readonly code:
    | 'assessment_not_available'
    | 'found_on_deny_list'
    | 'invalid_ip_address'
    | 'not_found_on_deny_list'
  readonly confidence: Confidence
  readonly details?: {
    readonly category?: string
    readonly ip?: string
    readonly matches?: string
    readonly source?: string
  }
}

/** What Akamai forwards to Auth0 (Early Access). */
export interface Akamai {
  readonly akamaiBot?: {
    readonly type?: string
    readonly action?: string
    readonly botCategory?: readonly string[]
    readonly botScore?: number
    readonly botScoreResponseSegment?: string
    readonly botnetId?: string
  }
  readonly akamaiUserRisk?: {
    readonly action?: string
    readonly allow?: number
    readonly emailDomain?: string
    readonly general?: Readonly<Record<string, string>>
    readonly ouid?: string
    readonly requestid?: string
    readonly risk?: Readonly<Record<string, string>>
    readonly score?: number
    readonly status?: number
    readonly trust?: Readonly<Record<string, string>>
    readonly username?: string
    readonly uuid?: string
  }
}

export interface RiskAssessment {
  readonly assessments: {
    readonly AgentDetection?: AgentDetection
    readonly ImpossibleTravel?: ImpossibleTravel
    readonly NewDevice?: NewDevice
    readonly UntrustedIP?: UntrustedIp
  }
  /** Overall. */
  readonly confidence: Confidence
  readonly supplemental?: { readonly akamai?: Akamai }
  readonly version: string
}

/** `event.authentication`. */
export interface Authentication {
  readonly methods: readonly AuthenticationMethod[]
  readonly riskAssessment?: RiskAssessment
}
