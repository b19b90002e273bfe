import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from '../world.ts'
import type { FromTenantProject } from './project.ts'

/** Where a command runs, and by which settings. */
interface Operator {
  readonly project: Pick<FromTenantProject, 'root'>
  readonly env: Readonly<Record<string, string>>
}

/**
 * Runs a command of the kit as an operator does, in the folder of the project.
 *
 * @returns What it found, as `--json` prints it.
 * @throws {Error} With what it said, when it did not end with 0.
 */
export async function runCommand(
  { env, project }: Operator,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const { HOME, PATH } = process.env
  const command = join(projectRoot, 'cli/migration.js')
  const child = spawn(process.execPath, [command, ...args, '--json'], {
    cwd: project.root,
    env: { HOME, PATH, ...env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, said] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (status === 0) return JSON.parse(out)
  throw new Error(`npx migration ${args.slice(0, 2).join(' ')} ended with ${status}: ${said}${out}`)
}
