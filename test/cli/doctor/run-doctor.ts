import type { CommandContext, CommandResult } from '../../../cli/command.ts'
import { createDoctor } from '../../../cli/doctor.ts'
import type { Step } from '../../../cli/progress.ts'

export interface DoctorRun extends CommandResult {
  readonly steps: readonly Step[]
}

interface RunOptions {
  readonly cwd?: string
  readonly env?: CommandContext['env']
  /** Default: the day after tomorrow of the end of Rules. */
  readonly today?: string
  /** Called with each step. */
  readonly onStep?: (step: Step) => void
  readonly signal?: AbortSignal
}

/** The command in this process, on a day of its own. */
export async function runDoctor(
  args: readonly string[],
  options: RunOptions = {},
): Promise<DoctorRun> {
  const { cwd = process.cwd(), env = {}, today = '2026-11-21', onStep = () => {} } = options
  const steps: Step[] = []
  const report = (step: Step) => {
    steps.push(step)
    onStep(step)
  }
  const context: CommandContext = {
    env,
    cwd,
    signal: options.signal ?? new AbortController().signal,
    say: () => {},
    print: async () => {},
    progress: { report, end: () => {} },
    ask: async () => null,
    readInput: async () => '',
  }
  const doctor = createDoctor(() => Date.parse(`${today}T09:00:00Z`))
  return { ...(await doctor.run(args, context)), steps }
}

interface Found {
  readonly findings: readonly {
    readonly id: string
    readonly severity: string
    readonly where: { readonly file?: string; readonly line?: number; readonly resource?: string }
  }[]
  readonly notChecked: readonly { readonly id: string; readonly because: string }[]
}

export function foundBy({ found }: CommandResult): Found {
  return found as Found
}

/** The ids of what was found, each once, sorted. */
export function foundIds(result: CommandResult): readonly string[] {
  return [...new Set(foundBy(result).findings.map(({ id }) => id))].sort()
}
