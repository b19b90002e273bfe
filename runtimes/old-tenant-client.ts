import type { HttpRequest } from '../core/http-message.ts'
import type { LegacyAnswer, Mark } from '../core/legacy-answer.ts'
import {
  markRequest,
  processMarkResponse,
  processUserResponse,
  readUserRequest,
  type UserRequest,
} from '../core/old-tenant-api.ts'
import { invalidApplication } from '../core/old-tenant-login.ts'
import { holderRequest, processHolderResponse } from '../core/old-tenant-search.ts'
import type { HeldUser } from '../core/old-tenant-user.ts'
import {
  askTwice,
  callLegacyApi as callOnce,
  type LegacyApi,
  type LegacyCall,
  type Patience,
} from './legacy-api-client.ts'
import type { Attempts } from './send-request.ts'

/**
 * Asks the old tenant's Management API: twin of `callLegacyApi` in `legacy-api-client.ts`, for what takes
 * more than one request there. All of them share the caller's budget, and the circuit breaker is told
 * once how it ended.
 */
export async function callLegacyApi(
  call: LegacyCall,
  patience: Patience,
  api: LegacyApi,
): Promise<LegacyAnswer> {
  return causeOf(await callOnce(call, patience, api, ask))
}

function ask(call: LegacyCall, attempts: Attempts, api: LegacyApi): Promise<LegacyAnswer> {
  const { request } = call
  if (!isUserRequest(request)) return askTwice(call, attempts, api)
  const { legacyId, mark } = request
  if (mark === undefined) return readUser(legacyId, attempts, api)
  return tellOfMove(legacyId, mark, attempts, api)
}

function isUserRequest(request: HttpRequest): request is UserRequest {
  return 'legacyId' in request
}

/** By id; or, since an account that is linked to another has no profile of its own, by a search. */
async function readUser(
  legacyId: string,
  attempts: Attempts,
  api: LegacyApi,
): Promise<LegacyAnswer> {
  const { apiUrl, connection = '' } = api.settings
  const read: LegacyCall = {
    request: readUserRequest(apiUrl, legacyId),
    process: (response) => processUserResponse(response, legacyId),
  }
  const answer = await askTwice(read, attempts, api)
  if (answer.type !== 'problem') return answer
  const search: LegacyCall = {
    request: holderRequest(apiUrl, legacyId, connection),
    process: (response) => processHolderResponse(response, legacyId, connection),
  }
  return askTwice(search, attempts, api)
}

/**
 * Looks before it writes: who moved to another user of a new tenant must not be taken over by this one,
 * and Auth0 has no write that would refuse.
 */
async function tellOfMove(
  legacyId: string,
  mark: Mark,
  attempts: Attempts,
  api: LegacyApi,
): Promise<LegacyAnswer> {
  const answer = await readUser(legacyId, attempts, api)
  if (answer.type !== 'user') return answer
  const { held_by, moved_to } = answer.user as HeldUser
  if (moved_to === mark.auth0_user_id) return { type: 'marked' }
  if (moved_to !== null) return { type: 'problem', problem: 'migrated-to-another-user' }
  const write: LegacyCall = {
    request: markRequest(api.settings.apiUrl, legacyId, mark, held_by),
    process: processMarkResponse,
  }
  return askTwice(write, attempts, api)
}

/**
 * Names what an operator has to mend. Auth0's token endpoint says 401 of an application that it does not
 * know, or by another secret, and 403 of one without the grant for the API.
 */
function causeOf(answer: LegacyAnswer): LegacyAnswer {
  if (answer.type !== 'outage' || answer.code !== 'token_unavailable') return answer
  const { status } = answer
  if (status === 401) return invalidApplication
  return status === 403 ? { type: 'outage', code: 'old_tenant_grant_missing', status } : answer
}
