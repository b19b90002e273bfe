import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, fetch as undiciFetch } from 'undici'
import type { Runtime } from '../../actions-testing/runtime.ts'
import { createWorkerRuntime } from '../../actions-testing/worker-runtime.ts'
import { connectTenant, type Fetch } from '../../cli/auth0-tenant.ts'
import { pause } from '../../cli/pause.ts'
import type { Verdict } from '../../cli/probe/probe.ts'
import { probes } from '../../cli/probe/probes.ts'
import { type ProbeRun, runProbes } from '../../cli/probe/run-probes.ts'
import { type RunningTenant, startTenant } from '../../servers/tenant/server.ts'
import type { Flip } from './flip.ts'

/** A stand-in tenant to probe, which can be made to differ from what is assumed. */
export interface ProbedTenant {
  readonly running: RunningTenant
  /** Folder of the journal. */
  readonly folder: string
  readonly fetch: Fetch
  probe(flip?: Flip, run?: Partial<ProbeRun>): Promise<readonly Verdict[]>
  close(): Promise<void>
}

export async function startProbedTenant(): Promise<ProbedTenant> {
  const usual = createWorkerRuntime({ warm: true, threads: 1 })
  const switched: Runtime[] = []
  let runtime: Runtime = usual
  const running: RunningTenant = await startTenant({
    runtime: {
      runPostLogin: (run) => runtime.runPostLogin(run),
      runCredentialsExchange: (run) => runtime.runCredentialsExchange(run),
      runPreUserRegistration: (run) => runtime.runPreUserRegistration(run),
      runAsynchronous: (run) => runtime.runAsynchronous(run),
      runRules: (run) => runtime.runRules(run),
      runDatabaseScript: (run) => runtime.runDatabaseScript(run),
      close: async () => {},
    },
    buildTime: 0,
    passwordHashRounds: 4,
  })
  // Those of logins, and none of the Management API: a run would wait for its turn.
  const rateLimiter = { take: () => [], isNews: () => false, wait: async () => undefined }
  Object.assign(running.tenant, { rateLimiter })
  const folder = mkdtempSync(join(tmpdir(), 'probed-tenant-'))
  const fetch = fetchTrusting(running.caCertificate)
  let runs = 0

  function runtimeOf({ runtime: wrap = (inner) => inner, switches }: Flip): Runtime {
    if (switches === undefined) return wrap(usual, () => running.tenant)
    const made = createWorkerRuntime({ warm: true, threads: 1, ...switches })
    switched.push(made)
    return made
  }

  return {
    running,
    folder,
    fetch,
    async probe(flip = {}, options = {}) {
      runs += 1
      runtime = runtimeOf(flip)
      const flipped = flip.http?.(fetch, running.tenant) ?? fetch
      const { signal = new AbortController().signal } = options
      try {
        return await runProbes({
          ...usualRun(running, flipped, signal),
          run: `run${runs}`,
          folder,
          ...options,
        })
      } finally {
        runtime = usual
      }
    },
    async close() {
      await running.close()
      await Promise.all([usual, ...switched].map((made) => made.close()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function usualRun({ deployClient, domain }: RunningTenant, fetch: Fetch, signal: AbortSignal) {
  const { client_id: clientId, client_secret: clientSecret } = deployClient
  const credentials = { domain, clientId, clientSecret, fetch }
  return {
    tenant: connectTenant({ ...credentials, signal }),
    tenantToCleanUp: connectTenant(credentials),
    probes,
    signal,
    onVerdict: () => undefined,
    say: () => undefined,
    password: 'Aa1-of-a-probe',
    settleTime: 0,
    pollTime: 1,
    pause: (milliseconds: number) => pause(milliseconds, signal),
  }
}

function fetchTrusting(caCertificate: string): Fetch {
  const dispatcher = new Agent({ connect: { ca: caCertificate } })
  return (url, init) =>
    undiciFetch(url, { ...init, dispatcher } as Parameters<
      typeof undiciFetch
    >[1]) as Promise<unknown> as Promise<Response>
}
