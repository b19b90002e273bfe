import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build, type Metafile } from 'esbuild'
import type { EntryPoint } from './entry-points.ts'
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
): Promise<{ readonly bundle: Bundle } | { readonly problems: readonly Problem[] }> {
  try {
    const { metafile, outputFiles } = await build({ ...baseOptions(root, entry) })
    const [output] = Object.values(metafile.outputs)
    const body = (outputFiles[0]?.text ?? '').replace(/^export \{[^}]*\};\n/m, '')
    const form = formOf(entry, output?.exports ?? [])
    if ('code' in form) return { problems: [form] }
    return {
      bundle: { entry, code: `${banner(root, output)}${form.before}${body}${form.after}` },
    }
  } catch (error) {
    return { problems: problemsOf(entry, error) }
  }
}

interface BundleForm {
  readonly before: string
  readonly after: string
}

/** An Action is a CommonJS module; a script is one named function with everything inside it. */
function formOf(entry: EntryPoint, exported: readonly string[]): BundleForm | Problem {
  const wanted = entry.kind === 'action' ? 'onExecutePostLogin' : scriptSignatures[entry.name]?.name
  if (wanted === undefined) {
    const allowed = Object.keys(scriptSignatures).join(' nor ')
    return { code: 'bundle_invalid', subject: entry.source, message: `is neither ${allowed}` }
  }
  if (exported.join() !== wanted) {
    const message = `must export ${wanted} and nothing else; it exports ${exported.join(', ') || 'nothing'}`
    return { code: 'bundle_invalid', subject: entry.source, message }
  }
  if (entry.kind === 'action') {
    return { before: "'use strict';\n", after: `exports.${wanted} = ${wanted};\n` }
  }
  // The inner function has the name of the outer one; with `enable_script_context` there is one
  // argument more, so that all of them are passed on.
  return {
    before: `function ${wanted}(${scriptSignatures[entry.name]?.parameters}) {\n'use strict';\nreturn (() => {\n`,
    after: `return ${wanted};\n})()(...arguments);\n}\n`,
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
  const own = sources.filter((source) => !source.startsWith('node_modules/'))
  return [
    '// Built by auth0-migration-hygiene; change the sources, not this file.',
    `// Sources: ${own.join(', ')}`,
    `// sha256 of the sources: ${hash.digest('hex')}`,
    '',
  ].join('\n')
}

function problemsOf(entry: EntryPoint, error: unknown): readonly Problem[] {
  const { errors = [] } = error as {
    errors?: { text: string; location?: { line: number } | null }[]
  }
  if (errors.length === 0) throw error
  return errors.map(({ text, location }) => ({
    code: 'bundle_invalid',
    subject: location ? `${entry.source}:${location.line}` : entry.source,
    message: text,
  }))
}
