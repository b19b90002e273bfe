import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { buildProject } from '../../../build/build.ts'
import { projectRoot } from '../../../cli/demo/world.ts'
import type { RequestEntry } from '../../../servers/tenant/request-log.ts'
import {
  type RunningTenant,
  startTenant,
  type TenantOptions,
} from '../../../servers/tenant/server.ts'
import { copyProject } from '../../mutations/project-copy.ts'
import type { Ended } from '../run-migration.ts'

/** A tenant, and a project to publish to it, both for one test. */
export interface Publishing {
  readonly running: RunningTenant
  /** Folder of the project: built. */
  readonly root: string
  /** Every answer so far, in order: `PATCH /api/v2/clients/{id} 200`. */
  readonly requests: string[]
  /** Called at every answer. */
  onRequest: (entry: RequestEntry) => void
  readonly env: Readonly<Record<string, string>>
  /** Starts `migration` in a process of its own, of which a kill leaves nothing. */
  start(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): { readonly child: ChildProcess; readonly ended: Promise<Ended> }
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>
  /** The requests of a run that write. */
  writesDuring(work: () => Promise<unknown>): Promise<readonly string[]>
  close(): Promise<void>
}

export const settings = {
  LEGACY_API_URL: 'https://legacy.example/secret-path-of-the-api',
  LEGACY_API_AUDIENCE: 'https://legacy-api.example/',
  CLAIM_NAMESPACE: 'https://claims.example/',
}

/** The Node that runs TypeScript, itself and not the command that looks for it. */
const node = join(
  dirname(createRequire(import.meta.url).resolve('node/package.json')),
  'bin',
  'node',
)

export async function startPublishing(options: Partial<TenantOptions> = {}): Promise<Publishing> {
  const project = copyProject()
  const { problems } = await buildProject(project.root)
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  const requests: string[] = []
  const running = await startTenant({
    runtime: createInProcessRuntime(),
    buildTime: 0,
    passwordHashRounds: 4,
    onRequest: (entry) => {
      requests.push(`${entry.method} ${entry.route} ${entry.status}`)
      publishing.onRequest(entry)
    },
    ...options,
  })
  const { client_id, client_secret } = running.deployClient
  const env = {
    ...settings,
    AUTH0_DOMAIN: running.domain,
    AUTH0_CLIENT_ID: client_id,
    AUTH0_CLIENT_SECRET: client_secret,
    NODE_EXTRA_CA_CERTS: running.caFile,
  }
  const start: Publishing['start'] = (args, more = {}) =>
    startNode([join(projectRoot, 'cli/main.ts'), ...args], project.root, { ...env, ...more })
  const publishing: Publishing = {
    running,
    root: project.root,
    requests,
    onRequest: () => undefined,
    env,
    start,
    run: (args, more) => start(args, more).ended,
    async writesDuring(work) {
      const from = requests.length
      await work()
      return requests.slice(from).filter((one) => !/^(GET|POST \/oauth\/token) /.test(one))
    },
    async close() {
      await running.close()
      project.remove()
    },
  }
  return publishing
}

function startNode(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>) {
  const { PATH, HOME } = process.env
  const child = spawn(node, args, { cwd, env: { PATH, HOME, ...env }, stdio: 'pipe' })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.end()
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status) => resolve({ status, stdout, stderr }))
  })
  return { child, ended }
}
