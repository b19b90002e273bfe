import type { Auth0Tenant } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import { createWorkshop, type RunOptions } from './context.ts'
import { leftovers, reasonsToRefuse } from './guard.ts'
import { type Journal, openJournal } from './journal.ts'
import type { Probe, Verdict } from './probe.ts'
import { removeAll } from './temporary.ts'

export interface ProbeRun extends RunOptions {
  /** The tenant until the run is interrupted, and after that. */
  readonly tenant: Auth0Tenant
  readonly tenantToCleanUp: Auth0Tenant
  readonly probes: readonly Probe[]
  /** Folder of the journal. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly onVerdict: (verdict: Verdict) => void
  readonly say: (line: string) => void
}

/**
 * Runs probes one after the other on a tenant that nobody uses, and removes all that they made,
 * also when a probe fails or the run is interrupted.
 *
 * @throws {CommandError} `tenant_in_use`, when nothing was written; `unfinished_run`; `interrupted`.
 */
export async function runProbes(run: ProbeRun): Promise<readonly Verdict[]> {
  const journal = openJournal(run.folder, run.tenant.domain)
  try {
    await refuseTenantInUse(run, journal)
  } catch (error) {
    journal.close()
    throw error
  }
  try {
    return await runAll(run, journal)
  } finally {
    await cleanUp(run, journal)
  }
}

async function refuseTenantInUse(run: ProbeRun, journal: Journal): Promise<void> {
  const { say, tenant, tenantToCleanUp } = run
  refuse(tenant, await reasonsToRefuse(tenant))
  if (journal.left.length > 0) {
    say(`removing what an earlier run left: ${journal.left.length}`)
    await removeAll(tenantToCleanUp, journal)
  }
  refuse(tenant, await leftovers(tenant))
}

function refuse({ domain }: Auth0Tenant, reasons: readonly string[]): void {
  if (reasons.length === 0) return
  const message = `${domain} is no throwaway tenant: ${reasons.join('; ')}. Nothing was written.`
  throw new CommandError('tenant_in_use', message)
}

async function runAll(run: ProbeRun, journal: Journal): Promise<readonly Verdict[]> {
  const { context, endProbe } = createWorkshop(run.tenant, journal, run)
  const verdicts: Verdict[] = []
  for (const probe of run.probes) {
    const verdict = await verdictOf(probe, context)
    if (run.signal.aborted) {
      throw new CommandError('interrupted', 'Interrupted. What the probes made is removed.')
    }
    verdicts.push(verdict)
    run.onVerdict(verdict)
    await endProbe()
  }
  return verdicts
}

/** What went wrong on the way says nothing of the assumption. */
async function verdictOf(probe: Probe, context: Parameters<Probe['run']>[0]): Promise<Verdict> {
  const { id } = probe
  try {
    const { holds, evidence } = await probe.run(context)
    return { id, verdict: holds ? 'holds' : 'does-not-hold', evidence }
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    return { id, verdict: 'not-probed', because }
  }
}

async function cleanUp({ tenantToCleanUp, say }: ProbeRun, journal: Journal): Promise<void> {
  try {
    await removeAll(tenantToCleanUp, journal)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    say(`not everything could be removed (${why}): run it again here, and that is done first`)
  } finally {
    journal.close()
  }
}
