import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const program = fileURLToPath(new URL('./prepare-worker.ts', import.meta.url))

/**
 * The program of the thread that maps and checks, as one piece of JavaScript: what takes the types out
 * of TypeScript is 15 MB and more, and a thread that did it would have its own.
 */
export async function bundlePrepareThread(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [program],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}
