import { isClaimNamespace } from '../../core/claims.ts'
import type { Phase } from '../../core/phase.ts'
import { isSafeUrl, readSetting } from '../../core/settings.ts'
import { type CommandContext, CommandError } from '../command.ts'
import { keywordsIn, replaceKeywords } from './keywords.ts'
import type { MigrationClients } from './migration-clients.ts'
import { migratingDatabase, type Project } from './project.ts'

/** Values of the placeholders in tenant.yaml, by name. They are secrets: never shown, never written. */
export type Settings = Readonly<Record<string, string>>

/** Characters. https://auth0.com/docs/customize/actions/limitations */
const longestSecret = 4_096

export interface SettingSources {
  readonly env: CommandContext['env']
  /** `example.eu.auth0.com` */
  readonly domain: string
  readonly clients: MigrationClients
  readonly phase: Phase
}

/**
 * Gives every placeholder of tenant.yaml its value. What the tenant knows comes from the tenant, and
 * from nowhere else: ids and secrets of its two applications. The rest is of the environment.
 *
 * @returns All values, and the names of those that only the tenant will know once it has been
 *   published to for the first time.
 * @throws {CommandError} `setting_missing`, `setting_invalid`; no value is repeated.
 */
export function readAllSettings(
  project: Project,
  { env, domain, clients, phase }: SettingSources,
): { readonly settings: Settings; readonly unknown: readonly string[] } {
  const ofTenant = clientSettings(clients)
  const settings: Record<string, string> = {}
  const [unknown, missing]: [string[], string[]] = [[], []]
  for (const name of keywordsIn(project.tenantFile)) {
    const value = Object.hasOwn(ofTenant, name)
      ? ofTenant[name]
      : name === 'AUTH0_DOMAIN'
        ? domain
        : name === 'MIGRATION_PHASE'
          ? phase
          : (readSetting(env, name) ?? defaults(domain)[name])
    if (value === null) unknown.push(name)
    else if (value === undefined) missing.push(name)
    else settings[name] = value
  }
  if (missing.length > 0) {
    throw new CommandError('setting_missing', `Set in the environment: ${missing.join(', ')}.`)
  }
  checkSettings(settings)
  return { settings, unknown }
}

/** `null`: the application is not there yet, or shows no secret. */
function clientSettings({ actions, scripts }: MigrationClients): Record<string, string | null> {
  return {
    LEGACY_ACTIONS_CLIENT_ID: actions?.id ?? null,
    LEGACY_ACTIONS_CLIENT_SECRET: actions?.secret ?? null,
    LEGACY_SCRIPTS_CLIENT_ID: scripts?.id ?? null,
    LEGACY_SCRIPTS_CLIENT_SECRET: scripts?.secret ?? null,
  }
}

function defaults(domain: string): Readonly<Record<string, string | undefined>> {
  return { LEGACY_TOKEN_URL: `https://${domain}/oauth/token` }
}

/** @throws {CommandError} `setting_invalid`. */
function checkSettings(settings: Settings): void {
  const wrong = Object.entries(settings).flatMap(([name, value]) => {
    const rule = ruleBroken(name, value)
    return rule === null ? [] : [`${name}: ${rule}.`]
  })
  if (wrong.length > 0) throw new CommandError('setting_invalid', wrong.join('\n'))
}

function ruleBroken(name: string, value: string): string | null {
  if (value.length > longestSecret) return `Auth0 takes ${longestSecret} characters at most`
  // A value that is a placeholder itself would be replaced again, or be a literal of its kind.
  if (keywordsIn(value).length > 0) return 'it must not hold a placeholder (##…##, @@…@@)'
  if ((name === 'LEGACY_API_URL' || name === 'LEGACY_TOKEN_URL') && !isSafeUrl(value)) {
    return 'it has to be an https URL (http on this machine only)'
  }
  if (name === 'OLD_TENANT_DOMAIN' && !isHost(value)) {
    return 'it has to be a host name alone, such as example.eu.auth0.com'
  }
  if (name === 'CLAIM_NAMESPACE' && !isClaimNamespace(value)) {
    return 'it has to be an https URL that ends in / and is not of auth0.com'
  }
  return null
}

function isHost(value: string): boolean {
  return !/[/?#@\\\s]/.test(value) && isSafeUrl(`https://${value}/`)
}

/** Name and value of each secret of an Action. A value that is not known is left out. */
export function secretsOf(project: Project, action: string, settings: Settings): Settings {
  const { secrets = [] } = project.tenantFile.actions.find(({ name }) => name === action) ?? {}
  return replaced(
    secrets.map(({ name, value }) => [name, value]),
    settings,
  )
}

/** The whole `configuration` of the migrating connection. A value that is not known is left out. */
export function configurationOf(project: Project, settings: Settings): Settings {
  const { configuration } = migratingDatabase(project).options
  return replaced(Object.entries(configuration), settings)
}

/** Names of the Actions that have a secret. */
export function actionsWithSecret({ tenantFile }: Project, secret: string): readonly string[] {
  return tenantFile.actions
    .filter(({ secrets }) => secrets.some(({ name }) => name === secret))
    .map(({ name }) => name)
}

function replaced(given: readonly (readonly [string, unknown])[], settings: Settings): Settings {
  const values = given.map(([name, text]) => [name, replaceKeywords(String(text ?? ''), settings)])
  return Object.fromEntries(values.filter(([, value]) => keywordsIn(value).length === 0))
}
