import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Auth0Tenant, isObject } from '../auth0-tenant.ts'
import { type CommandContext, CommandError } from '../command.ts'
import { type DeploymentResult, deploy } from '../deploy.ts'
import { pause } from '../pause.ts'
import { actionNamed, type ShownAction } from './actual.ts'
import type { DeployFile } from './deploy-file.ts'
import { onDisk } from './on-disk.ts'

/** Milliseconds. */
const buildPollTime = 1_500
const retryTime = 2_000
/** What deploy-cli prints of something that is over in a moment. */
const mayPass =
  /too many requests|rate limit|fetch failed|socket|ECONN|timed? ?out|internal server error|unavailable|bad gateway|\b(429|50[0234])\b/i
/** deploy-cli gives up where a token is refused with 429, and where a connection is cut. */
const mostRuns = 4

export interface DeployCliRun {
  readonly tenant: Auth0Tenant
  readonly context: Pick<CommandContext, 'env' | 'progress' | 'say' | 'signal'>
  readonly file: DeployFile
  /** As they are before it: a build that has failed before is no failure of this run. */
  readonly actions: ReadonlyMap<string, ShownAction>
  /** Code that the Actions are to have, by name. */
  readonly code: ReadonlyMap<string, string>
}

/**
 * Has the real deploy-cli publish a deploy file, from a folder of its own that is removed again.
 *
 * @throws {CommandError} `build_failed`, with what Auth0 says of the build, as soon as it says so;
 *   `deploy_failed`, with the end of what deploy-cli printed; `interrupted`.
 */
export async function runDeployCli(run: DeployCliRun): Promise<void> {
  const folder = onDisk(tmpdir(), () => mkdtempSync(join(tmpdir(), 'migration-publish-')))
  try {
    const files = Object.entries({ ...run.file.files, 'tenant.yaml': run.file.text })
    onDisk(folder, () => {
      for (const [path, text] of files) {
        const target = join(folder, path)
        mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
        writeFileSync(target, text, { mode: 0o600 })
      }
    })
    await runUntilDone(run, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runUntilDone(run: DeployCliRun, folder: string): Promise<void> {
  const { say, signal } = run.context
  for (let tries = 1; ; tries += 1) {
    const { exitCode, output } = await runOnce(run, folder)
    if (signal.aborted) throw new CommandError('interrupted', 'Interrupted.')
    if (exitCode === 0) return
    if (tries === mostRuns || !mayPass.test(output)) throw deployFailed(output, run)
    say(`deploy-cli ended with ${exitCode}; it is started again (${tries} of ${mostRuns - 1}).`)
    await pause(retryTime * tries, signal)
  }
}

/** deploy-cli is silent for a while: it is shown that it runs. */
async function whileShown<Value>(
  { progress }: Pick<CommandContext, 'progress'>,
  work: Promise<Value>,
): Promise<Value> {
  let done = 0
  const timer = setInterval(() => {
    done += 1
    progress.report({ what: 'deploy-cli runs for', done, unit: 'seconds' })
  }, 1_000)
  try {
    return await work
  } finally {
    clearInterval(timer)
    progress.end()
  }
}

async function runOnce(run: DeployCliRun, folder: string): Promise<DeploymentResult> {
  const { tenant, context, file } = run
  const { AUTH0_CLIENT_ID = '', AUTH0_CLIENT_SECRET = '', NODE_EXTRA_CA_CERTS } = context.env
  const stop = new AbortController()
  const watching = new AbortController()
  // Whatever becomes of the watching, deploy-cli is waited for.
  const watched = watchBuilds(run, watching.signal).catch(() => null)
  const failure = watched.then((why) => {
    if (why !== null) stop.abort()
    return why
  })
  const deploying = deploy({
    root: folder,
    domain: tenant.domain,
    clientId: AUTH0_CLIENT_ID.trim(),
    clientSecret: AUTH0_CLIENT_SECRET.trim(),
    keywords: file.keywords,
    only: file.types,
    signal: AbortSignal.any([context.signal, stop.signal]),
    ...(NODE_EXTRA_CA_CERTS !== undefined && { caFile: NODE_EXTRA_CA_CERTS }),
  })
  const result = await whileShown(context, deploying).finally(() => watching.abort())
  const why = await failure
  if (why !== null && result.exitCode !== 0) throw new CommandError('build_failed', why)
  return result
}

/** deploy-cli takes a failed build for a slow one, for two minutes, and never says why it failed. */
async function watchBuilds(
  { tenant, actions, code }: DeployCliRun,
  ended: AbortSignal,
): Promise<string | null> {
  while (!ended.aborted) {
    for (const [name, wanted] of code) {
      const action = await actionNamed(tenant, name).catch(() => null)
      const isNew = action?.updated_at !== actions.get(name)?.updated_at
      if (action?.status === 'failed' && isNew && action.code === wanted)
        return buildFailure(tenant, action)
    }
    await pause(buildPollTime, ended).catch(() => undefined)
  }
  return null
}

/** Why a build failed stands with the version that it did not become. */
async function buildFailure(
  tenant: Auth0Tenant,
  { id, name, errors }: ShownAction,
): Promise<string> {
  const answer = await tenant
    .manage('GET', `actions/actions/${id}/versions?per_page=5`)
    .catch(() => null)
  const versions = objectsIn(isObject(answer?.body) ? answer.body.versions : [])
  const failed = versions.find(({ errors: list }) => Array.isArray(list) && list.length > 0)
  const list = [...objectsIn(errors), ...objectsIn(failed?.errors)]
  const reasons = new Set(list.map(({ id, msg }) => String(msg ?? id)))
  return `Auth0 could not build the Action ${name}: ${[...reasons].join('; ') || 'it does not say why'}.`
}

function objectsIn(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(list) ? list.filter(isObject) : []
}

/** Values that were given to it are taken out of what it printed. */
function deployFailed(output: string, { context, file }: DeployCliRun): CommandError {
  const { AUTH0_CLIENT_SECRET = '' } = context.env
  const lines = output.split('\n').filter((line) => /error|problem|fail/i.test(line))
  const end = (lines.length > 0 ? lines : output.split('\n')).slice(-6).join('\n').trim()
  const safe = withoutValues(end, [...Object.values(file.keywords), AUTH0_CLIENT_SECRET.trim()])
  return new CommandError('deploy_failed', `deploy-cli did not get through:\n${safe}`)
}

/** Longer ones first: one may stand in another. As they are, and as JSON has them. */
export function withoutValues(text: string, values: readonly string[]): string {
  const shown = values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])
  return shown
    .filter((value) => value.length >= 4)
    .toSorted((one, other) => other.length - one.length)
    .reduce((left, value) => left.replaceAll(value, '…'), text)
}
