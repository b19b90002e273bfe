import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import type { RunningTenant } from '../../../servers/tenant/server.ts'

export interface DeployCliRun {
  readonly exitCode: number
  /** Without colours. */
  readonly output: string
}

const preload = fileURLToPath(
  new URL('../../../build/deploy-cli-without-prompts.cjs', import.meta.url),
)

/**
 * The real deploy-cli against a tenant, in an environment that holds what it needs and no more.
 *
 * @param args After `a0deploy`: `['import', '-i', 'tenant.yaml']`.
 * @param withPrompts Whether it compiles the schema that takes it 20 s.
 * @param preloads More of `node --require`.
 */
export function runDeployCli(
  tenant: RunningTenant,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  withPrompts = false,
  preloads: readonly string[] = [],
): Promise<DeployCliRun> {
  const manifest = createRequire(import.meta.url).resolve('auth0-deploy-cli/package.json')
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, [join(dirname(manifest), 'lib', 'index.js'), ...args], {
    env: {
      PATH,
      HOME,
      NODE_EXTRA_CA_CERTS: tenant.caFile,
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: tenant.deployClient.client_id,
      AUTH0_CLIENT_SECRET: tenant.deployClient.client_secret,
      NODE_OPTIONS: [...(withPrompts ? [] : [preload]), ...preloads]
        .map((file) => `--require ${JSON.stringify(file)}`)
        .join(' '),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({ exitCode: code ?? 1, output: stripVTControlCharacters(output) }),
    )
  })
}
