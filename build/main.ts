import { watch } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type BuildResult, buildProject } from './build.ts'
import { configFile } from './migration-config.ts'
import { tenantFile } from './tenant-file.ts'

const usage = `Usage: npm run build -- [--watch] [--json]

Builds actions/ and databases/ to dist/, one file an Action or script, and checks them against
tenant.yaml and migration.config.ts. Writes nothing unless everything is right.

  --watch   build again whenever a source changes
  --json    print { bundles, problems }, for machines
  --help    print this

Exit status: 0 built, 1 something is wrong, 2 the command line was.`

const folders = ['actions', 'core', 'databases', 'runtimes']
const files = [configFile, tenantFile]

const options = readOptions()
const root = process.cwd()
if (options.help) console.log(usage)
else if (options.watch) await watchProject()
else process.exitCode = report(await buildProject(root))

function readOptions() {
  const flag = { type: 'boolean', default: false } as const
  try {
    return parseArgs({ options: { watch: flag, json: flag, help: flag } }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    process.exit(2)
  }
}

function report({ bundles, problems }: BuildResult): 0 | 1 {
  const files = bundles.map(({ entry, code }) => ({
    file: entry.bundle,
    bytes: Buffer.byteLength(code),
  }))
  if (options.json) {
    console.log(JSON.stringify({ bundles: problems.length === 0 ? files : [], problems }))
  } else if (problems.length > 0) {
    for (const { code, subject, message } of problems) {
      console.error(`${subject} ${message} [${code}]`)
    }
    console.error(`\nNothing was written: ${problems.length} to mend.`)
  } else {
    for (const { file, bytes } of files) {
      console.log(`${file.padEnd(46)} ${(bytes / 1_000).toFixed(1).padStart(5)} kB`)
    }
  }
  return problems.length === 0 ? 0 : 1
}

/** Until it is interrupted. Changes that come together are one build, and builds do not overlap. */
async function watchProject(): Promise<void> {
  let building = buildAndReport()
  let timer: NodeJS.Timeout | undefined
  const rebuild = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      building = building.then(() => {
        console.log(`\n${new Date().toLocaleTimeString()}`)
        return buildAndReport()
      })
    }, 100)
  }
  for (const folder of folders) watch(join(root, folder), { recursive: true }, rebuild)
  // The folder, not the file: an editor that saves by renaming puts another file in its place.
  watch(root, (_, name) => {
    if (name !== null && files.includes(name)) rebuild()
  })
  await building
}

/** A source that vanishes while it is read is no reason to stop watching. */
async function buildAndReport(): Promise<void> {
  try {
    report(await buildProject(root))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
  }
}
