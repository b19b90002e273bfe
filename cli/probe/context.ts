import type { Auth0Tenant } from '../auth0-tenant.ts'
import { type Actions, createActions } from './actions.ts'
import { type Applications, createApplications } from './applications.ts'
import type { Journal } from './journal.ts'
import { createLogins, type Logins } from './logins.ts'
import { createOrganizations, type Organizations } from './organizations.ts'
import { identifierPrefix, namePrefix } from './resources.ts'
import { createMaker, type Maker } from './temporary.ts'
import { createUsers, type Users } from './users.ts'

/**
 * What a probe works with. All that it makes is called by a name of the run and is removed: Actions
 * and what the probe made itself after it, what all probes have in common at the end.
 */
export interface ProbeContext extends Actions, Applications, Logins, Organizations, Users {
  /** For what the rest has no word for: nothing that outlives the probe may be made by it. */
  readonly manage: Auth0Tenant['manage']
  readonly send: Auth0Tenant['send']
  readonly issuer: string
  readonly fetch: Auth0Tenant['fetch']
  /** A fresh name, in lower case, that shows whose it is. */
  readonly name: () => string
  /** A fresh identifier for an API. */
  readonly identifier: () => string
  /** Makes something by `create`, once the journal has it, to be removed after the probe. */
  readonly make: Maker['make']
  /** Waits until a change has reached all of the tenant. */
  readonly settle: () => Promise<void>
  /** Between two looks at what is under way. */
  readonly pause: () => Promise<void>
}

export interface RunOptions {
  /** Distinguishes runs: lower-case letters and digits. */
  readonly run: string
  /** Milliseconds that a change is given to reach all of the tenant. */
  readonly settleTime: number
  /** Milliseconds between two looks at a build. */
  readonly pollTime: number
  readonly pause: (milliseconds: number) => Promise<void>
  /** Of the test users. */
  readonly password: string
}

/** What probes have in common, and how to end it. */
export interface Workshop {
  readonly context: ProbeContext
  /** Removes what the probe that has just run made. */
  endProbe(): Promise<void>
}

export function createWorkshop(
  tenant: Auth0Tenant,
  journal: Journal,
  options: RunOptions,
): Workshop {
  let count = 0
  const name = () => {
    count += 1
    return `${namePrefix}${options.run}-${count}`
  }
  const identifier = () => name().replace(namePrefix, identifierPrefix)
  const settle = () => options.pause(options.settleTime)
  const maker = createMaker(tenant, journal)
  const base = { tenant, maker, name, identifier, settle, ...options }
  const applications = createApplications(base)
  const users = createUsers(base, applications)
  const context: ProbeContext = {
    manage: tenant.manage,
    send: tenant.send,
    issuer: tenant.issuer,
    fetch: tenant.fetch,
    name,
    identifier,
    settle,
    pause: () => options.pause(options.pollTime),
    make: maker.make,
    ...applications,
    ...users,
    ...createActions(base),
    ...createLogins(base, applications),
    ...createOrganizations(base, applications),
  }
  return { context, endProbe: maker.removeTemporary }
}

/** What the parts of a workshop are made from. */
export interface Base extends RunOptions {
  readonly tenant: Auth0Tenant
  readonly maker: Maker
  readonly name: () => string
  readonly identifier: () => string
  readonly settle: () => Promise<void>
}
