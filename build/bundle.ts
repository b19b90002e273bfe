import { createHash } from 'node:crypto'
import { readFileSync, realpathSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'acorn'
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild'
import type { MigrationConfig } from '../core/migration-config.ts'
import type { EntryPoint } from './entry-points.ts'
import { configFile } from './migration-config.ts'
import type { Problem } from './problem.ts'

export interface Bundle {
  readonly entry: EntryPoint
  readonly code: string
}

/** The functions that Auth0 calls, by the name of the script, with parameters as it names them. */
const scriptSignatures: Readonly<Record<string, { name: string; parameters: string }>> = {
  login: { name: 'login', parameters: 'userNameOrEmail, password, callback' },
  get_user: { name: 'getUser', parameters: 'email, callback' },
}

/**
 * Bundles one entry point into the one file that Auth0 takes. Not minified: whoever debugs a tenant
 * reads it in the Dashboard. The same sources give the same bytes.
 *
 * esbuild is asked for an ES module, which is nothing but the code and a list of exports: its
 * CommonJS wrapper would be a tenth of the bundle, evaluated at every cold start.
 */
export async function bundle(
  root: string,
  entry: EntryPoint,
  config: MigrationConfig,
): Promise<{ readonly bundle: Bundle } | { readonly problems: readonly Problem[] }> {
  try {
    const plugins = [
      checkedConfig(root, configFor(entry, config)),
      clientAuthentication(config.clientAuthentication),
      sourceOfUsers(config),
    ]
    const { metafile, outputFiles } = await build({ ...baseOptions(root, entry), plugins })
    const [output] = Object.values(metafile.outputs)
    const problem = problemOf(entry, output)
    if (problem !== null) return { problems: [problem] }
    const [, body = '', local = ''] = exportAtEnd.exec(outputFiles[0]?.text ?? '') ?? []
    const code = `${banner(root, output)}${wrap(entry, body, local)}`
    const broken = syntaxProblem(entry, code)
    return broken === null ? { bundle: { entry, code } } : { problems: [broken] }
  } catch (error) {
    return { problems: problemsOf(entry, error) }
  }
}

/** How esbuild ends an ES module of one export, and what the export is called inside. */
const exportAtEnd = /^(.*)export \{\s*([\w$]+)(?: as [\w$]+)?\s*\};\n$/s

function exportOf({ kind, name }: EntryPoint): string | undefined {
  if (kind === 'rule') return 'rule'
  return kind === 'action' ? 'onExecutePostLogin' : scriptSignatures[name]?.name
}

/** What of a module cannot be a bundle, `null` for nothing. */
function problemOf(
  entry: EntryPoint,
  output: Metafile['outputs'][string] | undefined,
): Problem | null {
  const { source: subject } = entry
  const problem = (message: string): Problem => ({ code: 'bundle_invalid', subject, message })
  const wanted = exportOf(entry)
  if (wanted === undefined)
    return problem(`is neither ${Object.keys(scriptSignatures).join(' nor ')}`)
  const exported = output?.exports ?? []
  if (exported.join() !== wanted) {
    const found = exported.join(', ') || 'nothing'
    return problem(`must export ${wanted} and nothing else; it exports ${found}`)
  }
  const outside = output?.imports.filter(({ external }) => external === true) ?? []
  if (outside.length === 0) return null
  const names = [...new Set(outside.map(({ path }) => path))].join(', ')
  return problem(
    `imports ${names}: a bundle has what the runtime has globally, fetch and crypto included`,
  )
}

/**
 * An Action is a CommonJS module; a script is one named function with everything inside it, and a Rule
 * an expression that is one without a name.
 */
function wrap(entry: EntryPoint, body: string, local: string): string {
  const name = exportOf(entry)
  if (entry.kind === 'action') return `'use strict';\n${body}exports.${name} = ${local};\n`
  if (entry.kind === 'rule') {
    const open = "function (user, context, callback) {\n'use strict';\nreturn (() => {"
    return `${open}\n${body}return ${local};\n})()(user, context, callback);\n}\n`
  }
  const parameters = scriptSignatures[entry.name]?.parameters
  // The inner function has the name of the outer one; with `enable_script_context` there is one
  // argument more, so that all of them are passed on.
  return [
    `function ${name}(${parameters}) {\n'use strict';\nreturn (() => {`,
    `${body}return ${local};\n})()(...arguments);\n}\n`,
  ].join('\n')
}

/** A module may hold what a script may not: a wait at its top, for one. */
function syntaxProblem({ kind, source: subject }: EntryPoint, code: string): Problem | null {
  try {
    parse(kind === 'rule' ? `(${code})` : code, { ecmaVersion: 2024, sourceType: 'script' })
    return null
  } catch (error) {
    const message = `cannot be a script: ${error instanceof Error ? error.message : error}`
    return { code: 'bundle_invalid', subject, message }
  }
}

/**
 * Claims are for the one Action that sets them: others would carry them in vain. Where Actions are
 * bound is nobody's but the publisher's.
 */
function configFor({ name }: EntryPoint, config: MigrationConfig): Partial<MigrationConfig> {
  const { bindings: _, source: __, oldTenant: ___, ...read } = config
  if (name === 'copy-metadata') return read
  const { claims: ____, claimsBudget: _____, ...rest } = read
  return rest
}

/**
 * Puts one way of proving who the application is into the bundles, and leaves no trace of the other:
 * jose is several times the rest of a bundle, and a setting that nobody gives would be asked for.
 */
function clientAuthentication(method: MigrationConfig['clientAuthentication']): Plugin {
  return {
    name: 'client-authentication',
    setup({ onResolve }) {
      if (method !== 'private-key-jwt') return
      onResolve({ filter: /\/client-secret\.ts$/ }, ({ resolveDir }) => ({
        path: join(resolveDir, 'private-key-jwt.ts'),
      }))
    },
  }
}

/** What stands for a legacy API where the users are in another tenant. */
const oldTenantTwins: Readonly<Record<string, string>> = {
  'client-secret.ts': 'old-tenant-secret.ts',
  'legacy-api.ts': 'old-tenant-api.ts',
  'legacy-api-client.ts': 'old-tenant-client.ts',
  'legacy-api-settings.ts': 'old-tenant-settings.ts',
  'legacy-scripts.ts': 'old-tenant-scripts.ts',
}

/** Puts the old tenant into the bundles in the place of a legacy API, and leaves no trace of that. */
function sourceOfUsers({ oldTenant, source }: MigrationConfig): Plugin {
  return {
    name: 'source-of-users',
    setup({ onLoad, onResolve }) {
      onLoad({ filter: /[\\/]core[\\/]carried-metadata\.ts$/ }, () => {
        if (oldTenant === undefined) return null
        return { contents: `export const carriedMetadata = ${JSON.stringify(oldTenant)}` }
      })
      if (source !== 'auth0-tenant') return
      const filter = /\/(client-secret|legacy-(api|api-client|api-settings|scripts))\.ts$/
      onResolve({ filter }, ({ importer, path, resolveDir }) => {
        // A twin may make use of the one whose place it takes.
        if (basename(importer).startsWith('old-tenant-')) return null
        const file = path.slice(path.lastIndexOf('/') + 1)
        const folder = path.slice(0, path.lastIndexOf('/'))
        return { path: join(resolveDir, folder, oldTenantTwins[file] ?? file) }
      })
    },
  }
}

/**
 * Gives the bundles the config that was checked, as data: no comment of the file reaches a tenant,
 * and nothing in it is worked out anew there.
 */
function checkedConfig(root: string, config: Partial<MigrationConfig>): Plugin {
  const file = realpathSync(join(root, configFile))
  return {
    name: 'checked-config',
    setup({ onLoad }) {
      onLoad({ filter: /migration\.config\.ts$/ }, ({ path }) => {
        if (path !== file) return null
        return { contents: `export default ${JSON.stringify(config, null, 2)}`, loader: 'js' }
      })
    },
  }
}

function baseOptions(root: string, entry: EntryPoint) {
  return {
    absWorkingDir: root,
    entryPoints: [entry.source],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    // https://auth0.com/docs/customize/actions/limitations: what Actions run on, and scripts too.
    target: 'node22',
    charset: 'utf8',
    legalComments: 'inline',
    logLevel: 'silent',
  } as const satisfies BuildOptions
}

/**
 * Says from what the bundle was built, so that what a tenant runs can be compared with a checkout.
 * Sources of which nothing is left in the bundle do not count: they change nothing on a tenant.
 */
function banner(root: string, output: Metafile['outputs'][string] | undefined): string {
  const inputs = Object.entries(output?.inputs ?? {})
  const sources = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file)
  const hash = createHash('sha256')
  for (const source of sources.sort()) {
    hash
      .update(`${source}\0`)
      .update(readFileSync(join(root, source)))
      .update('\0')
  }
  const own = sources.filter((source) => !source.includes('node_modules/'))
  return [
    '// Built by auth0-migration-hygiene; change the sources, not this file.',
    `// Sources: ${own.join(', ')}`,
    `// sha256 of the sources: ${hash.digest('hex')}`,
    '',
  ].join('\n')
}

function problemsOf(entry: EntryPoint, error: unknown): readonly Problem[] {
  const { errors = [] } = error as {
    errors?: { text: string; location?: { file: string; line: number } | null }[]
  }
  if (errors.length === 0) throw error
  return errors.map(({ text, location }) => ({
    code: 'bundle_invalid',
    subject: location ? `${location.file}:${location.line}` : entry.source,
    message: text,
  }))
}
