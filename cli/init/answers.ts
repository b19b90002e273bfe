import type { MigrationConfig } from '../../core/migration-config.ts'
import type { CommandContext } from '../command.ts'
import { CommandError } from '../command.ts'
import type { Proposal } from './proposal.ts'

/** What `migration.config.ts` begins with. */
export type Answers = Pick<MigrationConfig, 'connection' | 'idPrefix'> & { readonly since: string }

/** As the command line has them; undefined: to be asked for. */
export interface GivenAnswers {
  readonly 'id-prefix'?: string | undefined
  readonly since?: string | undefined
}

/** The connection comes first: what else is proposed rests on the users in it. */
export async function askConnection(
  { ask }: Pick<CommandContext, 'ask'>,
  given: string | undefined,
  proposed: string,
): Promise<string> {
  return answerOr(ask, given, 'Name of the database connection that migrates:', proposed)
}

/**
 * Asks what else the command line does not say. Where there is nobody to ask, what is proposed is taken;
 * but not for the prefix, which cannot be changed later.
 *
 * @throws {CommandError} `command_line_invalid`.
 */
export async function askAnswers(
  { ask }: Pick<CommandContext, 'ask'>,
  given: GivenAnswers,
  proposal: Proposal,
): Promise<Answers> {
  const { connection } = proposal
  const idPrefix = await askPrefix(ask, given['id-prefix'], proposal)
  const since = await answerOr(
    ask,
    given.since,
    'Day or instant of the first publish; users created later came through the scripts:',
    proposal.since,
  )
  return { connection, idPrefix, since }
}

async function answerOr(
  ask: CommandContext['ask'],
  given: string | undefined,
  question: string,
  proposed: string,
): Promise<string> {
  if (given !== undefined) return given
  const answer = await ask(`${question} [${proposed}] `)
  return answer === null || answer.trim() === '' ? proposed : answer.trim()
}

/** An empty prefix is an answer too, and typed as ''. */
async function askPrefix(
  ask: CommandContext['ask'],
  given: string | undefined,
  { idPrefix, connection }: Proposal,
): Promise<string> {
  if (given !== undefined) return given
  const proposed = idPrefix ?? `${connection}|`
  const question = `What stands before the legacy id in a user's id, after auth0| ('' for nothing; changing it later makes a twin of every user):`
  const answer = await ask(`${question} [${proposed === '' ? "''" : proposed}] `)
  if (answer !== null) {
    const text = answer.trim()
    if (text === "''") return ''
    return text === '' ? proposed : text
  }
  const message = `Give --id-prefix (proposed: '${proposed}'): there is no terminal to ask at, and it cannot be changed later.`
  throw new CommandError('command_line_invalid', message)
}
