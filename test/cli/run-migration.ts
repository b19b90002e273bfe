import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from '../../cli/demo/world.ts'

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly input?: string
}

/** Starts the `migration` command in a process of its own, with no settings but those given. */
export function startMigration(
  args: readonly string[],
  { cwd = projectRoot, env = {}, input = '' }: RunOptions = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const { PATH } = process.env
  const child = spawn(process.execPath, [join(projectRoot, 'cli/migration.js'), ...args], {
    cwd,
    env: { PATH, ...env },
    stdio: 'pipe',
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.end(input)
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status) => resolve({ status, stdout, stderr }))
  })
  return { child, ended }
}

export function migration(args: readonly string[], options?: RunOptions): Promise<Ended> {
  return startMigration(args, options).ended
}
