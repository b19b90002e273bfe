import { randomBytes } from 'node:crypto'
import { type Auth0Tenant, connectTenant } from './auth0-tenant.ts'
import type { Command, CommandContext, CommandResult } from './command.ts'
import { checkDomain, confirm, misused, parseCommandLine, readSettings } from './command-line.ts'
import { pause } from './pause.ts'
import { neededScopes } from './probe/guard.ts'
import type { Verdict } from './probe/probe.ts'
import { probes } from './probe/probes.ts'
import { namePrefix } from './probe/resources.ts'
import { runProbes } from './probe/run-probes.ts'

const usage = `Usage: npx migration probe --domain DOMAIN [--yes] [--settle SECONDS] [--json]

Holds docs/assumptions.md against a live tenant: makes applications, APIs, connections, users and
Actions that are all called ${namePrefix}…, logs the users in, looks at what comes of it, and removes
everything again, also when it fails or is interrupted. After a kill -9 the next run in the same
folder does that first, by .migration-probe.jsonl.

It takes a throwaway tenant. One that has other users, a connection to a user store, bound Actions or
enabled Rules is refused, and nothing is written to it.

  --domain DOMAIN    the tenant, such as throwaway.eu.auth0.com
  --yes              do not ask before writing
  --settle SECONDS   time that a change is given to reach all of the tenant (default: 3)
  --json             print { domain, holds, doesNotHold, notProbed, probes: [{ id, assumption,
                     verdict, evidence | because }] }

Settings, from the environment: AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET, of a machine-to-machine
application with these scopes of the Management API:
${neededScopes.join(' ').replace(/(.{1,95})( |$)/g, '  $1\n')}
Exit status: 0 every assumption holds, 1 one does not or could not be probed, or the tenant was
refused, 2 the command line or a setting was wrong.`

const flag = { type: 'boolean', default: false } as const
const options = {
  domain: { type: 'string' },
  settle: { type: 'string', default: '3' },
  yes: flag,
  json: flag,
} as const

/** Milliseconds. */
const pollTime = 250

export const probeCommand: Command = {
  usage,
  async run(args, context) {
    const { values } = parseCommandLine({ args, options }, usage)
    if (values.domain === undefined) throw misused('Name the tenant: --domain DOMAIN.', usage)
    const domain = checkDomain('--domain', values.domain)
    if (!/^\d{1,3}(\.\d+)?$/.test(values.settle)) throw misused('--settle takes seconds.', usage)
    const { tenant, tenantToCleanUp } = tenantsOf(domain, context)
    if (!values.yes) {
      const question = `Writes to ${domain}, which has to be a throwaway tenant.`
      await confirm(context, question, domain)
    }
    const verdicts = await runProbes({
      tenant,
      tenantToCleanUp,
      probes,
      folder: context.cwd,
      signal: context.signal,
      say: context.say,
      onVerdict: (verdict) => context.say(line(verdict)),
      run: randomBytes(4).toString('hex'),
      password: `Aa1-${randomBytes(9).toString('base64url')}`,
      settleTime: Number(values.settle) * 1_000,
      pollTime,
      pause: (milliseconds) => pause(milliseconds, context.signal),
    })
    return report(domain, verdicts)
  },
}

function tenantsOf(
  domain: string,
  { env, signal }: CommandContext,
): { readonly tenant: Auth0Tenant; readonly tenantToCleanUp: Auth0Tenant } {
  const settings = readSettings(env, ['AUTH0_CLIENT_ID', 'AUTH0_CLIENT_SECRET'])
  const credentials = {
    domain,
    clientId: settings.AUTH0_CLIENT_ID,
    clientSecret: settings.AUTH0_CLIENT_SECRET,
  }
  return {
    tenant: connectTenant({ ...credentials, signal }),
    tenantToCleanUp: connectTenant(credentials),
  }
}

function report(domain: string, verdicts: readonly Verdict[]): CommandResult {
  const number = (verdict: Verdict['verdict']) =>
    verdicts.filter((one) => one.verdict === verdict).length
  const [holds, doesNotHold] = [number('holds'), number('does-not-hold')]
  const notProbed = number('not-probed')
  return {
    exitStatus: holds === verdicts.length ? 0 : 1,
    found: { domain, holds, doesNotHold, notProbed, probes: verdicts.map(withAssumption) },
    text: [
      ...verdicts.filter(({ verdict }) => verdict !== 'holds').map(paragraph),
      `${holds} of ${verdicts.length} assumptions hold on ${domain}, ${doesNotHold} do not, ${notProbed} could not be probed.`,
    ].join('\n'),
  }
}

function withAssumption(verdict: Verdict) {
  return { ...verdict, assumption: assumptionOf(verdict) }
}

function assumptionOf({ id }: Verdict): string {
  return probes.find((probe) => probe.id === id)?.assumption ?? ''
}

function paragraph(verdict: Verdict): string {
  return `${line(verdict)}\n    assumed: ${assumptionOf(verdict)}`
}

function line(verdict: Verdict): string {
  if (verdict.verdict === 'not-probed') {
    return `? ${verdict.id}: could not be probed because ${verdict.because}`
  }
  return `${verdict.verdict === 'holds' ? '✔' : '✘'} ${verdict.id}: ${verdict.evidence}`
}
