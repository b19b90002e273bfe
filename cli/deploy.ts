import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

/** One run of deploy-cli: where to, with what, and how much of it. */
export interface Deployment {
  /** Folder that tenant.yaml stands in. */
  readonly root: string
  /** `127.0.0.1:8443` or `example.eu.auth0.com`. */
  readonly domain: string
  readonly clientId: string
  readonly clientSecret: string
  /** Values of the placeholders in tenant.yaml. They are passed on in the environment, never as arguments. */
  readonly keywords: Readonly<Record<string, string>>
  /** Resource types to touch, all when left out: `clients`, `actions`, … */
  readonly only?: readonly string[]
  /** PEM file of a certificate authority to trust besides the usual ones. */
  readonly caFile?: string
  /** Aborted: deploy-cli is ended, and what it has done stays. */
  readonly signal?: AbortSignal
}

export interface DeploymentResult {
  readonly exitCode: number
  /** What deploy-cli printed, without colours. */
  readonly output: string
  readonly elapsedMs: number
}

/** Milliseconds. A failed build alone keeps deploy-cli waiting for 122 s. */
const timeout = 180_000

/**
 * Runs the real `a0deploy import` as a child process, whose environment holds what it needs and no
 * more: to deploy-cli every environment variable is a keyword.
 */
export async function deploy(deployment: Deployment): Promise<DeploymentResult> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [deployCli(), 'import', '-i', 'tenant.yaml'], {
    cwd: deployment.root,
    env: environmentOf(deployment),
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout,
    ...(deployment.signal !== undefined && { signal: deployment.signal }),
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', (error) => {
      // The child is killed then, and closes.
      if (error.name !== 'AbortError') reject(error)
    })
    child.on('close', (code) => resolve(code ?? 1))
  })
  const elapsedMs = performance.now() - startedAt
  return { exitCode, output: stripVTControlCharacters(output), elapsedMs }
}

function environmentOf(deployment: Deployment): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env
  return {
    PATH,
    HOME,
    ...deployment.keywords,
    AUTH0_DOMAIN: deployment.domain,
    AUTH0_CLIENT_ID: deployment.clientId,
    AUTH0_CLIENT_SECRET: deployment.clientSecret,
    NODE_OPTIONS: preloads.map((file) => `--require ${JSON.stringify(file)}`).join(' '),
    ...(deployment.only === undefined
      ? {}
      : { AUTH0_INCLUDED_ONLY: JSON.stringify(deployment.only) }),
    ...(deployment.caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: deployment.caFile }),
  }
}

const preloads = [
  // Spares deploy-cli twenty seconds of compiling a schema for a resource type that we do not have.
  fileURLToPath(new URL('../build/deploy-cli-without-prompts.cjs', import.meta.url)),
  fileURLToPath(new URL('end-with-parent.cjs', import.meta.url)),
]

function deployCli(): string {
  const manifest = createRequire(import.meta.url).resolve('auth0-deploy-cli/package.json')
  return join(dirname(manifest), 'lib', 'index.js')
}
