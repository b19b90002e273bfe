/** Where a request came from, as far as Auth0 can tell. */
export interface GeoIp {
  readonly cityName?: string
  readonly continentCode?: string
  readonly countryCode?: string
  readonly countryCode3?: string
  readonly countryName?: string
  readonly latitude?: number
  readonly longitude?: number
  readonly subdivisionCode?: string
  readonly subdivisionName?: string
  readonly timeZone?: string
}

/** What `event.request` holds in every trigger that has one. */
export interface TriggerRequest {
  /**
   * Body of the POST request; empty in browser flows. `client_secret`, `client_assertion`,
   * `refresh_token`, `auth_session` and `authn_response` are taken out of it.
   *
   * @see https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations
   */
  readonly body: Readonly<Record<string, unknown>>
  readonly geoip: GeoIp
  /** Host name the flow uses: the tenant's or a custom domain. */
  readonly hostname?: string
  readonly ip: string
  /** Language that the browser asked for. */
  readonly language?: string
  readonly method: string
  readonly user_agent?: string
}
