import type { CommandContext } from '../../cli/command.ts'
import { createDoctor } from '../../cli/doctor.ts'

/**
 * Runs the doctor as the command does, and prints { seconds, megabytes, findings }. Arguments: those of
 * the command. The megabytes are the most that the process ever had, Node and types taken out of
 * TypeScript included.
 */
const context: CommandContext = {
  env: {},
  cwd: process.cwd(),
  signal: new AbortController().signal,
  say: () => {},
  print: async () => {},
  progress: { report: () => {}, end: () => {} },
  ask: async () => null,
  readInput: async () => '',
}

const doctor = createDoctor(() => Date.parse('2026-11-21T09:00:00Z'))
const startedAt = performance.now()
const { found } = await doctor.run(process.argv.slice(2), context)
const seconds = (performance.now() - startedAt) / 1_000
const { counts } = found as { readonly counts: Readonly<Record<string, number>> }
const findings = ['error', 'warning', 'note'].reduce((sum, name) => sum + (counts[name] ?? 0), 0)
const megabytes = process.resourceUsage().maxRSS / 1_024
console.log(JSON.stringify({ seconds, megabytes, findings }))
