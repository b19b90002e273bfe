import type { HttpRequest, HttpResponse } from '../../core/http-message.ts'
import type { LegacyAnswer } from '../../core/legacy-answer.ts'
import {
  markRequest,
  processMarkResponse,
  processUserResponse,
  readUserRequest,
} from '../../core/old-tenant-api.ts'
import { holderRequest, processHolderResponse } from '../../core/old-tenant-search.ts'
import type { HeldUser } from '../../core/old-tenant-user.ts'
import type { CommandContext } from '../command.ts'
import { leaveRoom } from '../import/jobs/leave-room.ts'
import type { LegacyOperator } from '../legacy-operator.ts'
import { connectOldTenant, withoutOperator } from './connect-old-tenant.ts'

/**
 * Notes in the old tenant that users have moved, as the Action does at a login: it looks before it
 * writes, so that nobody is taken over from another new tenant, and finds who a linked account is
 * linked to.
 */
export function connectOldTenantMarks(context: CommandContext): Pick<LegacyOperator, 'mark'> {
  // By the application that marks at logins, whatever the operator has besides.
  const { env } = context
  const { connection, tenant } = connectOldTenant({ ...context, env: withoutOperator(env) })
  const manage = leaveRoom(tenant.manage, { signal: context.signal })
  const api = `${tenant.issuer}api/v2`

  async function ask(
    { method, url, body }: HttpRequest,
    process: (response: HttpResponse) => LegacyAnswer,
  ): Promise<LegacyAnswer> {
    const path = url.slice(`${api}/`.length)
    const sent = body === undefined ? undefined : JSON.parse(body)
    const answer = await manage(method === 'PATCH' ? 'PATCH' : 'GET', path, sent)
    const { body: answered, status } = answer
    return process({ status, body: JSON.stringify(answered), contentType: 'application/json' })
  }

  async function find(legacyId: string): Promise<LegacyAnswer> {
    const read = readUserRequest(api, legacyId)
    const answer = await ask(read, (response) => processUserResponse(response, legacyId))
    if (answer.type !== 'problem') return answer
    const search = holderRequest(api, legacyId, connection)
    return ask(search, (response) => processHolderResponse(response, legacyId, connection))
  }

  return {
    async mark(legacyId, mark) {
      const found = await find(legacyId)
      if (found.type === 'problem') return 'notFound'
      if (found.type !== 'user') return 'failed'
      const { held_by, moved_to } = found.user as HeldUser
      if (moved_to === mark.auth0_user_id) return 'marked'
      if (moved_to !== null) return 'migratedToAnother'
      const write = markRequest(api, legacyId, mark, held_by)
      const answer = await ask(write, processMarkResponse)
      return answer.type === 'marked' ? 'marked' : 'failed'
    },
  }
}
