import type { MigrationConfig } from '../core/migration-config.ts'
import type { Bundle } from './bundle.ts'
import type { EntryPoint } from './entry-points.ts'
import type { Problem } from './problem.ts'
import { settingsReadBy } from './settings-read.ts'
import { type TenantFile, tenantFile } from './tenant-file.ts'

/** Bytes. Auth0 says 100 kB; read as decimal, the smaller. https://auth0.com/docs/customize/actions/limitations */
const maxBundleBytes = 100_000

/** Bytes of all Rules of a tenant together. https://community.auth0.com/t/104471 */
const maxRulesBytes = 100_000

/** Everything about the bundles that a tenant would refuse, or would take and then not do. */
export function checkBundles(
  bundles: readonly Bundle[],
  tenant: TenantFile,
  config: MigrationConfig,
): readonly Problem[] {
  return [
    ...bundles.flatMap(checkSize),
    ...checkRulesSize(bundles),
    ...bundles.flatMap(checkKeywords),
    ...checkNames(bundles, tenant, config),
    ...checkConnection(tenant, config),
    ...checkActionSecrets(bundles, tenant),
    ...checkConfiguration(bundles, tenant, config),
  ]
}

function checkSize({ entry, code }: Bundle): readonly Problem[] {
  const bytes = Buffer.byteLength(code)
  if (bytes <= maxBundleBytes) return []
  const message = `is ${bytes} bytes; Auth0 takes ${maxBundleBytes}`
  return [{ code: 'bundle_too_large', subject: entry.bundle, message }]
}

function checkRulesSize(bundles: readonly Bundle[]): readonly Problem[] {
  const rules = bundles.filter(({ entry }) => entry.kind === 'rule')
  const bytes = rules.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0)
  if (bytes <= maxRulesBytes) return []
  const message = `are ${bytes} bytes together; a tenant takes ${maxRulesBytes}`
  return [{ code: 'bundle_too_large', subject: 'dist/rules', message }]
}

/** deploy-cli replaces keywords in code too: a bundle that holds one is another bundle once published. */
function checkKeywords({ entry, code }: Bundle): readonly Problem[] {
  const keywords = new Set(code.match(/##[\w.-]+##|@@[\w.-]+@@/g))
  return [...keywords].map((keyword) => ({
    code: 'bundle_has_keyword',
    subject: entry.bundle,
    message: `holds ${keyword}, which deploy-cli would replace: read a secret instead`,
  }))
}

/** tenant.yaml names each bundle, and no file that is not one. */
function checkNames(
  bundles: readonly Bundle[],
  tenant: TenantFile,
  config: MigrationConfig,
): readonly Problem[] {
  const named = new Map([
    ...tenant.actions.map(({ name, code }) => [code, `action ${name}`] as const),
    ...tenant.databases.flatMap(({ name, options }) =>
      Object.values(options.customScripts).map((file) => [file, `database ${name}`] as const),
    ),
  ])
  const built = new Map(bundles.map((bundle) => [bundle.entry.bundle, bundle]))
  const missing = [...named].filter(([file]) => !built.has(normalised(file)))
  const unnamed = bundles.filter(
    ({ entry }) => isPublished(entry, config) && !hasFile(named, entry.bundle),
  )
  return [
    ...missing.map(([file, where]) => ({
      code: 'bundle_not_in_tenant' as const,
      subject: `${tenantFile}: ${where}`,
      message: `names ${file}, which no source builds`,
    })),
    ...unnamed.map(({ entry }) => ({
      code: 'bundle_not_in_tenant' as const,
      subject: entry.source,
      message: `is built to ${entry.bundle}, which ${tenantFile} does not name`,
    })),
    ...tenant.databases.flatMap(({ name: database, options }) =>
      Object.entries(options.customScripts).flatMap(([slot, file]) => {
        const bundle = built.get(normalised(file))
        if (bundle === undefined || bundle.entry.name === slot) return []
        const subject = `${tenantFile}: database ${database}`
        const message = `has the code of ${bundle.entry.name} for its ${slot}`
        return [{ code: 'bundle_not_in_tenant' as const, subject, message }]
      }),
    ),
    ...tenant.actions.flatMap(({ name, code }) => {
      const bundle = built.get(normalised(code))
      if (bundle === undefined || bundle.entry.name === name) return []
      const subject = `${tenantFile}: action ${name}`
      const message = `has the code of ${bundle.entry.name}: an Action has the name of its file`
      return [{ code: 'bundle_not_in_tenant' as const, subject, message }]
    }),
  ]
}

/** Users of another tenant come without a legacy API: there is no audience to protect. */
function isPublished({ name, published }: EntryPoint, { source }: MigrationConfig): boolean {
  return published && !(source === 'auth0-tenant' && name === 'protect-legacy-audience')
}

function hasFile(named: ReadonlyMap<string, string>, bundle: string): boolean {
  return [...named.keys()].some((file) => normalised(file) === bundle)
}

function normalised(file: string): string {
  return file.replace(/^\.\//, '')
}

function checkConnection(tenant: TenantFile, { connection }: MigrationConfig): readonly Problem[] {
  if (tenant.databases.some(({ name }) => name === connection)) return []
  const names = tenant.databases.map(({ name }) => name).join(', ') || 'none'
  const message = `has no database ${connection}, which migration.config.ts names (it has: ${names})`
  return [{ code: 'connection_mismatch', subject: tenantFile, message }]
}

function checkActionSecrets(bundles: readonly Bundle[], tenant: TenantFile): readonly Problem[] {
  return tenant.actions.flatMap(({ name, code, secrets }) => {
    const bundle = bundles.find(({ entry }) => entry.bundle === normalised(code))
    if (bundle === undefined) return []
    const given = secrets.map((secret) => secret.name)
    return compare(`${tenantFile}: action ${name}`, settingsReadBy(bundle.code), given, 'secret')
  })
}

/** The scripts of a connection share its `configuration`. */
function checkConfiguration(
  bundles: readonly Bundle[],
  tenant: TenantFile,
  config: MigrationConfig,
): readonly Problem[] {
  const database = tenant.databases.find(({ name }) => name === config.connection)
  if (database === undefined) return []
  const { configuration, customScripts, requires_username: required = false } = database.options
  const files = Object.values(customScripts).map(normalised)
  const scripts = bundles.filter(({ entry }) => files.includes(entry.bundle))
  const read = [...new Set(scripts.flatMap(({ code }) => settingsReadBy(code)))]
  const subject = `${tenantFile}: database ${database.name}`
  const problems = compare(subject, read, Object.keys(configuration), 'configuration value')
  if (required === (config.requiresUsername ?? false)) return problems
  const message = `has requires_username: ${required}, and migration.config.ts says ${!required}`
  return [...problems, { code: 'connection_mismatch', subject, message }]
}

function compare(
  subject: string,
  read: readonly string[],
  given: readonly string[],
  what: string,
): readonly Problem[] {
  const absent = read.filter((name) => !given.includes(name))
  const idle = given.filter((name) => !read.includes(name))
  return [
    ...absent.map((name) => ({
      code: 'secret_not_given' as const,
      subject,
      message: `does not give the ${what} ${name}, which the code reads`,
    })),
    ...idle.map((name) => ({
      code: 'secret_not_read' as const,
      subject,
      message: `gives the ${what} ${name}, which the code does not read`,
    })),
  ]
}
