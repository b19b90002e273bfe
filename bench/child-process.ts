import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Milliseconds. No measurement takes a tenth of it. */
const timeout = 30_000

/**
 * Runs a fresh process of this Node, and reads the JSON that it prints. Without this process's
 * environment: a compilation cache or a loader in `NODE_OPTIONS` would be measured too.
 */
export async function runInChild(args: readonly string[]): Promise<unknown> {
  const { stdout } = await execute(process.execPath, args, { env: {}, timeout })
  return JSON.parse(stdout)
}
