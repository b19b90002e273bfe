import type { AsynchronousRun } from '../../../actions-testing/registration-run.ts'
import type { DatabaseTriggerEvent } from '../../../actions-testing/types/database-trigger.ts'
import type { Event as PasswordEvent } from '../../../actions-testing/types/post-change-password/v2.ts'
import type { Event as RegisteredEvent } from '../../../actions-testing/types/post-user-registration/v2.ts'
import type { Event as RegistrationEvent } from '../../../actions-testing/types/pre-user-registration/v2.ts'
import { boundActions } from '../authentication/bound-actions.ts'
import type { Services } from '../services.ts'
import type { Connection, JsonObject, Tenant, User } from '../state.ts'
import type { NewUser } from './create-user.ts'
import { isObject, mergeMetadata } from './metadata.ts'
import { log } from './tenant-log.ts'

/** By what request a user is made or a password changed: what Actions are told of it. */
export interface Occasion {
  readonly request: RegistrationEvent['request']
  /** Absent for the Management API. */
  readonly client?: NonNullable<RegistrationEvent['client']>
  /** On a login page. */
  readonly transaction?: NonNullable<RegistrationEvent['transaction']>
}

/** `userMessage` is for the person; null when an Action failed. */
export interface Denial {
  readonly type: 'denied'
  readonly reason: string
  readonly userMessage: string | null
}

/**
 * Runs the Actions that are bound to `pre-user-registration`. A lazily migrated user does not come by
 * here, nor one of an import: the docs do not say that they register (assumptions
 * `import-fires-no-registration-action`, `bulk-import-fires-no-registration-action`).
 *
 * @returns The account with the metadata that they set.
 * @see https://auth0.com/docs/customize/actions/explore-triggers/pre-user-registration
 */
export async function askBeforeRegistration(
  { runtime, tenant }: Services,
  connection: Connection,
  account: NewUser,
  occasion: Occasion,
): Promise<Denial | { readonly type: 'passed'; readonly account: NewUser }> {
  const actions = boundActions(tenant, 'pre-user-registration')
  if (actions.length === 0) return { type: 'passed', account }
  const common = commonEvent(tenant, connection, occasion)
  const event = { ...common, ...occasion, user: registering(account) }
  const outcome = await runtime.runPreUserRegistration({ actions, event })
  const { denied } = outcome
  if (denied !== null) {
    const description = `Denied by Action ${denied.action}.`
    log(tenant, { type: 'fs', connection_id: connection.id, description })
    return { type: 'denied', reason: denied.reason, userMessage: denied.userMessage }
  }
  const appMetadata = withChanges(account.appMetadata, outcome.appMetadata)
  const userMetadata = withChanges(account.userMetadata, outcome.userMetadata)
  return { type: 'passed', account: { ...account, appMetadata, userMetadata } }
}

/** Runs the Actions of `post-user-registration`; nobody waits for them. */
export function tellOfRegistration(
  services: Services,
  connection: Connection,
  { profile }: User,
  { transaction, ...occasion }: Occasion,
): void {
  const { identities: _, ...user } = profile
  const event = {
    ...commonEvent(services.tenant, connection, occasion),
    ...(transaction && { transaction }),
    user: user as unknown as RegisteredEvent['user'],
  }
  tell(services, { trigger: 'post-user-registration', event })
}

const shownOfPassword = [
  'email',
  'email_verified',
  'last_password_reset',
  'phone_number',
  'phone_verified',
  'user_id',
  'username',
]

/** Runs the Actions of `post-change-password`; nobody waits for them. */
export function tellOfPasswordChange(
  services: Services,
  connection: Connection,
  { profile }: User,
  occasion: Occasion,
): void {
  const shown = Object.entries(profile).filter(([name]) => shownOfPassword.includes(name))
  const user: PasswordEvent['user'] = Object.fromEntries(shown)
  const event = { ...commonEvent(services.tenant, connection, occasion), user }
  tell(services, { trigger: 'post-change-password', event })
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown
  ? Omit<Union, Key>
  : never

function tell({ runtime, tenant }: Services, run: DistributiveOmit<AsynchronousRun, 'actions'>) {
  const actions = boundActions(tenant, run.trigger)
  if (actions.length === 0) return
  runtime.runAsynchronous({ ...run, actions }).then(
    ({ failed }) => {
      if (failed === null) return
      const description = `Action ${failed.action} of ${run.trigger} failed.`
      log(tenant, { type: 'actions_execution_failed', description })
    },
    // The tenant was stopped meanwhile.
    () => undefined,
  )
}

function commonEvent(
  tenant: Tenant,
  { id, name, settings, strategy }: Connection,
  { request: { body: _, ...request } }: Occasion,
): Omit<DatabaseTriggerEvent, 'secrets'> {
  const metadata = isObject(settings?.metadata) ? settings.metadata : {}
  return { connection: { id, name, strategy, metadata }, request, tenant: { id: tenant.name } }
}

function registering(account: NewUser): RegistrationEvent['user'] {
  const { appMetadata: app_metadata, email, userMetadata: user_metadata, username } = account
  const named = username !== null && { username }
  return { ...account.root, email, ...named, app_metadata, user_metadata }
}

function withChanges(current: JsonObject, changes: Readonly<Record<string, unknown>>): JsonObject {
  const patch = changes as JsonObject
  return Object.keys(patch).length === 0 ? current : mergeMetadata(current, patch)
}
