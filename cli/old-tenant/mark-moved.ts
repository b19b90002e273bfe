import { markRequest, processMarkResponse } from '../../core/old-tenant-api.ts'
import type { CommandContext } from '../command.ts'
import { leaveRoom } from '../import/jobs/leave-room.ts'
import type { LegacyOperator } from '../legacy-operator.ts'
import { connectOldTenant, withoutOperator } from './connect-old-tenant.ts'

/** Marks users of the old tenant as moved, as the Action does at a login. */
export function connectOldTenantMarks(context: CommandContext): Pick<LegacyOperator, 'mark'> {
  // By the application that marks at logins, whatever the operator has besides.
  const { tenant } = connectOldTenant({ ...context, env: withoutOperator(context.env) })
  const manage = leaveRoom(tenant.manage, { signal: context.signal })
  const api = `${tenant.issuer}api/v2`
  return {
    async mark(legacyId, mark) {
      const { body = '{}', url } = markRequest(api, legacyId, mark)
      const path = url.slice(`${api}/`.length)
      const { status, body: answered } = await manage('PATCH', path, JSON.parse(body))
      const text = JSON.stringify(answered)
      const answer = processMarkResponse({ status, body: text, contentType: 'application/json' })
      if (answer.type === 'marked') return 'marked'
      return answer.type === 'problem' ? 'notFound' : 'failed'
    },
  }
}
