import type { MigrationConfig } from '../../core/migration-config.ts'
import type { CommandContext } from '../command.ts'
import { CommandError } from '../command.ts'
import type { Proposal } from './proposal.ts'

/** What `migration.config.ts` begins with. */
export type Answers = Pick<MigrationConfig, 'connection' | 'idPrefix'> & { readonly since: string }

/** As the command line has them; undefined: to be asked for. */
export interface GivenAnswers {
  readonly connection?: string | undefined
  readonly 'id-prefix'?: string | undefined
  readonly since?: string | undefined
}

/**
 * Asks what the command line does not say. Where there is nobody to ask, what is proposed is taken;
 * but not for the prefix, which cannot be changed later.
 *
 * @throws {CommandError} `command_line_invalid`.
 */
export async function askAnswers(
  { ask }: Pick<CommandContext, 'ask'>,
  given: GivenAnswers,
  proposal: Proposal,
): Promise<Answers> {
  const asked = async (value: string | undefined, question: string, proposed: string) => {
    if (value !== undefined) return value
    const answer = await ask(`${question} [${proposed}] `)
    return answer === null || answer.trim() === '' ? proposed : answer.trim()
  }
  const connection = await asked(
    given.connection,
    'Name of the database connection that migrates:',
    proposal.connection,
  )
  const idPrefix = await askPrefix(ask, given['id-prefix'], proposal, connection)
  const since = await asked(
    given.since,
    'Day or instant of the first publish; users created later came through the scripts:',
    proposal.since,
  )
  return { connection, idPrefix, since }
}

/** An empty prefix is an answer too, and typed as ''. */
async function askPrefix(
  ask: CommandContext['ask'],
  given: string | undefined,
  { idPrefix }: Proposal,
  connection: string,
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
