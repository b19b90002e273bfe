import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { type Command, type CommandContext, CommandError } from './command.ts'
import { createProgress } from './progress.ts'

/** Every command. A command's module is loaded when it is called: not one of them needs all. */
const commands: Readonly<
  Record<string, { readonly summary: string; readonly load: () => Promise<Command> }>
> = {
  complete: {
    summary: 'end the migration: the scripts find nobody, nothing calls where users came from',
    load: async () => (await import('./complete.ts')).completeCommand,
  },
  demo: {
    summary: 'show on this machine what the kit does',
    load: async () => (await import('./run-demo.ts')).demoCommand,
  },
  import: {
    summary: "move the users who are left by Auth0's bulk import",
    load: async () => (await import('./import.ts')).importCommand,
  },
  init: {
    summary: 'ask the few questions, and write migration.config.ts and .env.example',
    load: async () => (await import('./init.ts')).initCommand,
  },
  phase: {
    summary: 'switch the phase: off, lazy or complete; without a build',
    load: async () => (await import('./phase.ts')).phaseCommand,
  },
  plan: {
    summary: 'say what publishing would change on the tenant, and change nothing',
    load: async () => (await import('./plan.ts')).planCommand,
  },
  doctor: {
    summary: 'say what on a tenant has silently stopped working, or will; change nothing',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  probe: {
    summary: 'hold docs/assumptions.md against a throwaway tenant',
    load: async () => (await import('./probe.ts')).probeCommand,
  },
  publish: {
    summary: 'bring the tenant to what tenant.yaml says, and prove it',
    load: async () => (await import('./publish.ts')).publishCommand,
  },
  reset: {
    summary: "clear the kit's stamp of Auth0 users, so that their next login does its steps again",
    load: async () => (await import('./reset.ts')).resetCommand,
  },
  rollout: {
    summary: "work out in which steps to let a tenant's users in, by its plan's limit",
    load: async () => (await import('./rollout.ts')).rolloutCommand,
  },
  rollback: {
    summary: 'bring the lazy phase back, and the scripts with it',
    load: async () => (await import('./rollback.ts')).rollbackCommand,
  },
  status: {
    summary: 'say how far the migration is, as a table or a page',
    load: async () => (await import('./status.ts')).statusCommand,
  },
  undo: {
    summary: 'take back the last publish, by its journal',
    load: async () => (await import('./undo.ts')).undoCommand,
  },
  unmark: {
    summary: "take back the legacy store's mark of users, so that they may migrate again",
    load: async () => (await import('./unmark.ts')).unmarkCommand,
  },
}

const usage = `Usage: npx migration COMMAND [OPTION…]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join('\n')}

  npx migration COMMAND --help says more. Every command takes --json.

Exit status: 0 as wanted, 1 something was found or failed, 2 the command line or a setting was wrong.`

/** Milliseconds. A terminal sends Ctrl-C to us and to npm, and npm passes it on to us once more. */
const sameSignalTime = 1_000

const [name = '', ...args] = process.argv.slice(2)
const json = args.includes('--json')

try {
  await main()
} catch (error) {
  fail(error)
}

async function main(): Promise<void> {
  if (name === '--help') return console.log(args.includes('--json') ? summaries() : usage)
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (entry === undefined) {
    const what = name === '' ? 'Name a command' : `There is no command ${name}`
    throw new CommandError('command_line_invalid', `${what}.\n\n${usage}`)
  }
  const [command, rest] = await stepOf(await entry.load())
  if (args.includes('--help')) return console.log(command.usage)
  const { exitStatus, found, text } = await command.run(rest, contextOfProcess())
  process.exitCode = exitStatus
  const output = json ? JSON.stringify(found) : text
  if (output !== '' && output !== undefined) console.log(output)
}

/** The command itself, or the one under it that its first argument names. */
async function stepOf(command: Command): Promise<readonly [Command, readonly string[]]> {
  const [first = '', ...rest] = args
  const load = Object.hasOwn(command.steps ?? {}, first) ? command.steps?.[first] : undefined
  return load === undefined ? [command, args] : [await load(), rest]
}

function summaries(): string {
  const list = Object.entries(commands).map(([name, { summary }]) => ({ name, summary }))
  return JSON.stringify({ commands: list })
}

/** Errors go to standard error, also as JSON. What nobody foresaw is shown by its message alone. */
function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  const known = error instanceof CommandError ? error : null
  process.exitCode = known?.exitStatus ?? 1
  const code = known?.code ?? 'unexpected_error'
  console.error(json ? JSON.stringify({ error: { code, message } }) : message)
}

function contextOfProcess(): CommandContext {
  const interruption = new AbortController()
  let first = Number.NaN
  const interrupt = () => {
    if (performance.now() - first > sameSignalTime) process.exit(1)
    if (Number.isNaN(first)) first = performance.now()
    interruption.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  // Whoever reads has read enough: `npx migration status --list | head`.
  process.stdout.on('error', () => process.exit())
  // Nobody reads along any more, `2>&1 | head`: what has begun to change a tenant goes on to its end.
  process.stderr.on('error', () => undefined)
  return {
    env: process.env,
    cwd: process.cwd(),
    signal: interruption.signal,
    say: (line) => console.error(line),
    print: async (line) => {
      if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
    },
    progress: createProgress(process.stderr, () => performance.now()),
    ask: (question) => askAtTerminal(question, interruption.signal),
    readInput: () => text(process.stdin),
  }
}

async function askAtTerminal(question: string, signal: AbortSignal): Promise<string | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await terminal.question(question, { signal })
  } catch (cause) {
    // Ctrl-C or Ctrl-D in the place of an answer.
    throw new CommandError('interrupted', 'Interrupted: nothing was done.', { cause })
  } finally {
    terminal.close()
  }
}
