import { parseArgs } from 'node:util'
import { type FactReport, report } from './demo/fact.ts'
import { facts } from './demo/facts.ts'
import { serve } from './demo/serve.ts'
import { createWorld, type World } from './demo/world.ts'

const usage = `Usage: npm run demo -- [--json] [--serve]

Builds the kit, starts a stand-in tenant and a legacy store on this machine, publishes by the real
auth0-deploy-cli, logs users in through an independent OIDC client, and shows what comes of it.
Nothing leaves this machine and nothing stays on it.

  --json    print { facts: [{ name, holds, evidence }], seconds }, for machines
  --serve   leave it running, and print a URL at which to log in with a browser
  --help    print this

Exit status: 0 every fact holds, 1 one does not or the demo broke down, 2 the command line was wrong.`

const options = readOptions()
if (options.help) console.log(usage)
else process.exitCode = await run()

function readOptions() {
  const flag = { type: 'boolean', default: false } as const
  try {
    return parseArgs({ options: { json: flag, serve: flag, help: flag } }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    process.exit(2)
  }
}

async function run(): Promise<0 | 1> {
  const startedAt = performance.now()
  let world: World
  try {
    world = await createWorld({ onStep: say })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 1
  }
  try {
    const reports = await showAll(world)
    const seconds = Math.round((performance.now() - startedAt) / 1_000)
    const held = reports.filter(({ holds }) => holds).length
    if (options.json) console.log(JSON.stringify({ facts: reports, seconds }))
    else console.log(`\n${held} of ${reports.length} facts hold, in ${seconds} s.`)
    if (options.serve) await serve(world, options.json ? console.error : console.log)
    return held === facts.length ? 0 : 1
  } finally {
    await world.close()
  }
}

async function showAll(world: World): Promise<readonly FactReport[]> {
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
