import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, type BuildResult, build } from 'esbuild'
import type { EntryPoint } from './entry-points.ts'
import type { Problem } from './problem.ts'

export interface Bundle {
  readonly entry: EntryPoint
  readonly code: string
}

/** The functions that Auth0 calls, as it names their parameters. */
const scriptSignatures: Readonly<Record<string, { name: string; parameters: string }>> = {
  login: { name: 'login', parameters: 'userNameOrEmail, password, callback' },
  get_user: { name: 'getUser', parameters: 'email, callback' },
}

/**
 * Bundles one entry point into the one file that Auth0 takes. Not minified: whoever debugs a tenant
 * reads it in the Dashboard. The same sources give the same bytes.
 */
export async function bundle(
  root: string,
  entry: EntryPoint,
): Promise<{ readonly bundle: Bundle } | { readonly problems: readonly Problem[] }> {
  const form = formOf(entry)
  if (form === null) return { problems: [unknownScript(entry)] }
  try {
    const result = await build({ ...baseOptions(root, entry), ...form.options })
    const code = `${banner(root, result)}${form.before}${result.outputFiles?.[0]?.text ?? ''}${form.after}`
    return { bundle: { entry, code } }
  } catch (error) {
    return { problems: problemsOf(entry, error) }
  }
}

function baseOptions(root: string, entry: EntryPoint): BuildOptions {
  return {
    absWorkingDir: root,
    entryPoints: [entry.source],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    // https://auth0.com/docs/customize/actions/limitations: what Actions run on, and scripts too.
    target: 'node22',
    charset: 'utf8',
    legalComments: 'inline',
    logLevel: 'silent',
  }
}

interface BundleForm {
  readonly options: BuildOptions
  readonly before: string
  readonly after: string
}

/** An Action is a CommonJS module; a script is one named function with everything inside it. */
function formOf(entry: EntryPoint): BundleForm | null {
  if (entry.kind === 'action') return { options: { format: 'cjs' }, before: '', after: '' }
  const signature = scriptSignatures[entry.name]
  if (signature === undefined) return null
  return {
    options: { format: 'iife', globalName: 'script' },
    before: `function ${signature.name}(${signature.parameters}) {\n`,
    // With `enable_script_context` there is one argument more: the callback is the last, not the third.
    after: `return script.${signature.name}(...arguments);\n}\n`,
  }
}

function unknownScript({ source }: EntryPoint): Problem {
  const allowed = Object.keys(scriptSignatures).join(' and ')
  return { code: 'bundle_invalid', subject: source, message: `is none of ${allowed}` }
}

/** Says from what the bundle was built, so that what a tenant runs can be compared with a checkout. */
function banner(root: string, { metafile }: BuildResult): string {
  const hash = createHash('sha256')
  const inputs = Object.keys(metafile?.inputs ?? {}).sort()
  for (const input of inputs) {
    hash
      .update(`${input}\0`)
      .update(readFileSync(join(root, input)))
      .update('\0')
  }
  const own = inputs.filter((input) => !input.startsWith('node_modules/'))
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
