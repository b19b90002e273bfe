import { parseArgs } from 'node:util'
import { type Fact, type FactReport, report } from './demo/fact.ts'
import { facts } from './demo/facts.ts'
import { fromTenantFacts } from './demo/from-tenant/facts.ts'
import { createFromTenantWorld } from './demo/from-tenant/world.ts'
import { serve } from './demo/serve.ts'
import { createWorld, type World } from './demo/world.ts'

const usage = `Usage: npm run demo -- [--from-tenant] [--json] [--serve]

Builds the kit, starts a stand-in tenant and a legacy store on this machine, publishes by the real
auth0-deploy-cli, logs users in through an independent OIDC client, and shows what comes of it.
Nothing leaves this machine and nothing stays on it.

  --from-tenant   the users are in another tenant: two stand-in tenants, and no legacy store
  --json          print { facts: [{ name, holds, evidence }], seconds }, for machines
  --serve         leave it running, and print a URL at which to log in with a browser
  --help          print this

Exit status: 0 every fact holds, 1 one does not or the demo broke down, 2 the command line was wrong.`

const options = readOptions()
if (options.help) console.log(usage)
else process.exitCode = await run()

function readOptions() {
  const flag = { type: 'boolean', default: false } as const
  const known = { 'from-tenant': flag, json: flag, serve: flag, help: flag }
  try {
    const { values } = parseArgs({ options: known })
    if (values['from-tenant'] && values.serve)
      throw new Error('--serve goes without --from-tenant.')
    return values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    process.exit(2)
  }
}

function run(): Promise<0 | 1> {
  if (options['from-tenant']) {
    const create = () => createFromTenantWorld({ onStep: say, now: Date.now() })
    return show(create, fromTenantFacts)
  }
  return show(
    () => createWorld({ onStep: say }),
    facts,
    async (world: World) => {
      if (options.serve) await serve(world, options.json ? console.error : console.log)
    },
  )
}

async function show<Place extends { close(): Promise<void> }>(
  create: () => Promise<Place>,
  facts: readonly Fact<Place>[],
  afterwards: (world: Place) => Promise<void> = async () => undefined,
): Promise<0 | 1> {
  const startedAt = performance.now()
  let world: Place
  try {
    world = await create()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 1
  }
  try {
    const reports = await showAll(world, facts)
    const seconds = Math.round((performance.now() - startedAt) / 1_000)
    const held = reports.filter(({ holds }) => holds).length
    if (options.json) console.log(JSON.stringify({ facts: reports, seconds }))
    else console.log(`\n${held} of ${reports.length} facts hold, in ${seconds} s.`)
    await afterwards(world)
    return held === facts.length ? 0 : 1
  } finally {
    await world.close()
  }
}

async function showAll<Place>(
  world: Place,
  facts: readonly Fact<Place>[],
): Promise<readonly FactReport[]> {
  const reports: FactReport[] = []
  for (const fact of facts) {
    const shown = await report(fact, world)
    reports.push(shown)
    if (!options.json)
      console.log(`${shown.holds ? '✔' : '✘'} ${shown.name}\n    ${shown.evidence}`)
  }
  return reports
}

/** Progress goes to standard error, so that `--json` stays JSON. */
function say(step: string): void {
  console.error(`… ${step}`)
}
