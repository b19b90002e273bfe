import type { FindingKind } from '../finding.ts'

/** By what the doctor sees that a tenant is affected. */
export type Detection = 'code' | 'log' | 'settings' | 'users'

/** A change of Auth0's platform: a row of the table that the doctor holds tenants against. */
export interface Migration extends FindingKind {
  /** Where Auth0 lists it today; `2016`: among the past ones, and on the page of that year already. */
  readonly list: '2016' | 'active' | 'past'
  /** The name Auth0 gives it. */
  readonly title: string
  /** The day from which it may be opted into; absent where Auth0 gives none. */
  readonly since?: string
  /** The end of life, formerly the mandatory opt-in; absent where Auth0 gives none, or says TBD. */
  readonly until?: string
  /** What Auth0 said of its severity: it stopped saying so. */
  readonly saidSeverity?: 'High' | 'Low' | 'Medium'
  /** Dates that held before they were moved, and where they stood. */
  readonly superseded?: readonly Superseded[]
  readonly notAffected: string
  /** Empty: not detected, and `undetected` says why. */
  readonly detection: readonly Detection[]
  readonly undetected?: string
  /** What can be opted into, or out of, ahead of the date: the name of the toggle. */
  readonly toggle?: string
  /** How the description of its deprecation notices (log type `depnote`) begins, or what is in it. */
  readonly notice?: string
}

interface Superseded {
  readonly date: string
  readonly what: string
}

export const activeList =
  'https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations'
export const pastList = 'https://auth0.com/docs/troubleshoot/product-lifecycle/past-migrations'
