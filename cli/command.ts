import type { Progress } from './progress.ts'

/** What a command is given besides its arguments. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder that files are written to. */
  readonly cwd: string
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
  /** Says what is being done, on standard error, so that `--json` stays JSON. */
  readonly say: (line: string) => void
  /** Prints a line of what is too long to be held in a result; waits while nobody reads. */
  readonly print: (line: string) => Promise<void>
  /** Of long work; on standard error too. */
  readonly progress: Progress
  /** Asks the person at the terminal; null when there is nobody. */
  readonly ask: (question: string) => Promise<string | null>
  /** All of standard input. */
  readonly readInput: () => Promise<string>
}

/** What a command found. It prints nothing itself. */
export interface CommandResult {
  /** 0: as wanted. 1: something was found, or failed. */
  readonly exitStatus: number
  /** Printed by `--json`. */
  readonly found: unknown
  /** Printed without it. */
  readonly text: string
}

export interface Command {
  /** Printed by `--help`; says the exit statuses. */
  readonly usage: string
  /** Commands under this one, by their first argument: `undo` of `import undo`. */
  readonly steps?: Readonly<Record<string, () => Promise<Command>>>
  /** @throws {CommandError} */
  run(args: readonly string[], context: CommandContext): Promise<CommandResult>
}

/** Stable codes: scripts look at them. */
type CommandErrorCode =
  | 'action_unfit'
  | 'bindings_impossible'
  | 'build_failed'
  | 'client_ambiguous'
  | 'command_line_invalid'
  | 'connection_unfit'
  | 'deploy_failed'
  | 'dist_stale'
  | 'file_not_writable'
  | 'file_exists'
  | 'import_while_lazy'
  | 'interrupted'
  | 'metadata_full'
  | 'not_confirmed'
  | 'not_published'
  | 'nothing_to_undo'
  | 'old_tenant_unfit'
  | 'plan_outdated'
  | 'project_invalid'
  | 'proof_failed'
  | 'publish_under_way'
  | 'request_failed'
  | 'scope_missing'
  | 'scripts_are_no_op'
  | 'setting_invalid'
  | 'setting_missing'
  | 'settings_differ'
  | 'source_cut_off'
  | 'source_invalid'
  | 'source_unreadable'
  | 'state_in_use'
  | 'state_invalid'
  | 'state_missing'
  | 'tenant_in_use'
  | 'tenant_not_found'
  | 'tenant_not_verified'
  | 'tenant_unreachable'
  | 'token_refused'
  | 'too_many_duplicates'
  | 'unfinished_run'

const misuse: readonly CommandErrorCode[] = [
  'command_line_invalid',
  'setting_invalid',
  'setting_missing',
]

/** Why a command could not do its work, in words for its operator; they name no user. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly code: CommandErrorCode
  /** 2 when the command was misused, else 1. */
  readonly exitStatus: 1 | 2

  constructor(code: CommandErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
    this.exitStatus = misuse.includes(code) ? 2 : 1
  }
}
