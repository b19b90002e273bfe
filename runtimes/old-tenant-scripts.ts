import { type LegacyAnswer, unavailable } from '../core/legacy-answer.ts'
import { isLegacyUser } from '../core/legacy-user.ts'
import { lookupRequest, processLookupResponse } from '../core/old-tenant-api.ts'
import { passwordRealmRequest, processPasswordResponse } from '../core/old-tenant-login.ts'
import { anybodyRequest, isElsewhere, processAnybodyResponse } from '../core/old-tenant-search.ts'
import { handOverClaim } from '../core/old-tenant-user.ts'
import { isGivenUp, settle } from './circuit-breaker.ts'
import type { LegacyApi, LegacyCall } from './legacy-api-client.ts'
import { callLegacyApi } from './old-tenant-client.ts'
import { type Attempts, sendRepeatedly } from './send-request.ts'
import { type KeyMemory, verifyIdToken } from './verify-id-token.ts'

/**
 * What the scripts ask an old tenant: twin of `legacy-scripts.ts`. A login needs no token of the
 * migration's application there, and so none of the old tenant's few requests to its Management API.
 *
 * @param budget Milliseconds.
 */
export async function checkPassword(
  identifier: string,
  password: string,
  budget: number,
  api: LegacyApi,
): Promise<LegacyAnswer> {
  const { memory, shared, now, serverError } = api
  // Each try counts against the user: it is never sent twice.
  const attempts = { deadline: now() + budget, count: 1, first: budget, now }
  const answer = await authenticate(identifier, password, api, attempts)
  settle(memory, shared, isGivenUp(answer, serverError), now())
  return answer
}

/** A username is nothing that an address could be found by: nobody is told that it is free. */
export async function findUser(
  identifier: string,
  budget: number,
  api: LegacyApi,
): Promise<LegacyAnswer> {
  if (!identifier.includes('@')) return { type: 'outage', code: 'old_tenant_needs_email' }
  const { apiUrl, connection = '' } = api.settings
  const deadline = api.now() + budget
  let elsewhere = false
  const lookup: LegacyCall = {
    request: lookupRequest(apiUrl, identifier),
    process(response) {
      elsewhere = isElsewhere(response, connection)
      return processLookupResponse(response, identifier, connection)
    },
  }
  const answer = await callLegacyApi(lookup, { attempts: 3, budget }, api)
  if (answer.type !== 'problem' || !elsewhere) return answer
  // Nobody of our database: but is there one of that name? Few addresses need the question.
  const anybody = { request: anybodyRequest(apiUrl, connection), process: processAnybodyResponse }
  return callLegacyApi(anybody, { attempts: 3, budget: deadline - api.now() }, api)
}

async function authenticate(
  identifier: string,
  password: string,
  { settings, memory }: LegacyApi,
  attempts: Attempts,
): Promise<LegacyAnswer> {
  const request = passwordRealmRequest(settings, identifier, password)
  const response = await sendRepeatedly(request, attempts)
  if (response === null) return unavailable
  const answer = processPasswordResponse(response)
  if (answer.type !== 'id-token') return answer
  const keyMemory = memory as LegacyApi['memory'] & KeyMemory
  const verified = await verifyIdToken(answer.idToken, settings, keyMemory, {
    ...attempts,
    count: 3,
    first: 1_000,
  })
  if (!('claims' in verified)) return verified
  const user = verified.claims[handOverClaim]
  // Without it nobody knows whether this user has moved already, or was deleted since.
  if (user === undefined) return { type: 'outage', code: 'old_tenant_action_missing' }
  if (user === false) return { type: 'outage', code: 'legacy_user_unusable' }
  return isLegacyUser(user)
    ? { type: 'user', user }
    : { type: 'outage', code: 'legacy_api_invalid_response' }
}
