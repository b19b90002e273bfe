import type { JsonObject, Tenant } from '../state.ts'
import { invalidBody } from './management-error.ts'
import { type BodyShape, checkShape, isObject, textsOf } from './request-body.ts'

const changedMembers = {
  display_name: 'string',
  options: 'object',
  enabled_clients: 'array',
  is_domain_connection: 'boolean',
  show_as_button: 'boolean',
  realms: 'array',
  metadata: 'object',
  authentication: 'object',
  connected_accounts: 'object',
  cross_app_access_requesting_app: 'object',
  cross_app_access_resource_app: 'object',
} as const

export const changedConnection: BodyShape = { members: changedMembers }

export const newConnection: BodyShape = {
  members: { ...changedMembers, name: 'string', strategy: 'string' },
  required: ['name', 'strategy'],
}

/** Members of a body that are neither its name nor kept on their own. */
export function settingsOf(body: JsonObject): JsonObject {
  const { name: _, strategy, options, enabled_clients, ...settings } = body
  return settings
}

/** What options have when they do not say otherwise, also when a change has replaced them. */
const lastingDefaults: JsonObject = {
  passkey_options: {
    challenge_ui: 'both',
    local_enrollment_enabled: true,
    progressive_enrollment_enabled: true,
  },
  authentication_methods: {
    passkey: { enabled: false },
    password: { enabled: true, api_behavior: 'required', signup_behavior: 'allow' },
  },
}

/** What a database has when its options do not say otherwise, as Auth0 creates one. */
export const databaseDefaults: JsonObject = {
  mfa: { active: true, return_enroll_settings: true },
  passwordPolicy: 'good',
  ...lastingDefaults,
  brute_force_protection: true,
  strategy_version: 2,
}

/** Bytes. Auth0 says 100 KB; read as decimal, the smaller. */
// https://auth0.com/docs/authenticate/database-connections/custom-db/custom-database-connections-scripts
const maxScriptBytes = 100_000

/**
 * A database's options as they are kept: `configuration` is flat texts, scripts are source. A change
 * that does not send `strategy_version` back loses it, as the recording shows.
 *
 * @see https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccConnection.yaml
 * @throws {ManagementError} 400.
 */
export function databaseOptions(options: JsonObject): JsonObject {
  checkSwitches(options)
  checkScripts(options)
  const { configuration } = options
  const kept = { ...lastingDefaults, ...options }
  if (configuration === undefined) return kept
  if (!isObject(configuration)) {
    throw invalidBody("'Expected type object' on property options/configuration")
  }
  for (const [name, value] of Object.entries(configuration)) {
    if (typeof value === 'string' || value === null) continue
    throw invalidBody(`'Expected type string' on property options/configuration/${name}`)
  }
  const texts = Object.entries(configuration).filter(([, value]) => value !== null)
  return { ...kept, configuration: Object.fromEntries(texts) }
}

/** A text is not taken for a boolean: that of `import_mode: @@IMPORT@@` would switch nothing on. */
function checkSwitches(options: JsonObject): void {
  const known = Object.entries(options).filter(([name]) => Object.hasOwn(switches, name))
  const shape = { members: switches, nullable: ['passwordPolicy'] }
  checkShape(Object.fromEntries(known), shape, 'options/')
}

const switches = {
  brute_force_protection: 'boolean',
  disable_self_service_change_password: 'boolean',
  disable_signup: 'boolean',
  enable_script_context: 'boolean',
  enabledDatabaseCustomization: 'boolean',
  import_mode: 'boolean',
  passwordPolicy: ['excellent', 'fair', 'good', 'low', 'none'],
  realm_fallback: 'boolean',
  requires_username: 'boolean',
} as const

function checkScripts({ customScripts }: JsonObject): void {
  if (customScripts === undefined) return
  const at = 'on property options/customScripts'
  if (!isObject(customScripts)) throw invalidBody(`'Expected type object' ${at}`)
  for (const [name, code] of Object.entries(customScripts)) {
    if (typeof code !== 'string') throw invalidBody(`'Expected type string' ${at}/${name}`)
    if (Buffer.byteLength(code) <= maxScriptBytes) continue
    throw invalidBody(`'String is too long, maximum ${maxScriptBytes} bytes' ${at}/${name}`)
  }
}

/** @throws {ManagementError} 400 for an application that there is not. */
export function enabledClientsOf(
  body: JsonObject,
  { state }: Tenant,
): readonly string[] | undefined {
  const ids = textsOf(body, 'enabled_clients')
  if (ids?.every((id) => state.clients.has(id))) return ids
  if (ids === undefined) return undefined
  throw invalidBody("'There is no such client' on property enabled_clients")
}

/** @throws {ManagementError} 400. */
export function assertName(name: string): void {
  if (/^[A-Za-z0-9](?:-?[A-Za-z0-9])*$/.test(name) && name.length <= 128) return
  throw invalidBody(
    "'String does not match pattern' on property name (letters, digits and hyphens)",
  )
}
