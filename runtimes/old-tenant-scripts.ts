import { type LegacyAnswer, type Outage, unavailable } from '../core/legacy-answer.ts'
import { isLegacyUser } from '../core/legacy-user.ts'
import { lookupRequest, processLookupResponse } from '../core/old-tenant-api.ts'
import { passwordRealmRequest, processPasswordResponse } from '../core/old-tenant-login.ts'
import { anybodyRequest, isElsewhere, processAnybodyResponse } from '../core/old-tenant-search.ts'
import { handOverClaim } from '../core/old-tenant-user.ts'
import { isGivenUp, isOpen, settle } from './circuit-breaker.ts'
import type { InstanceMemory, LegacyApi, LegacyCall } from './legacy-api-client.ts'
import { callLegacyApi } from './old-tenant-client.ts'
import { type Attempts, sendRepeatedly, wait } from './send-request.ts'
import { type KeyMemory, verifyIdToken } from './verify-id-token.ts'

/** What a script's instance remembers of the Authentication API, and apart from it of the other one. */
type ScriptMemory = InstanceMemory & KeyMemory & { management?: InstanceMemory }

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

/** What the user can mend without anybody: get_user finds them, and the new password is set here. */
const mendedByReset: readonly string[] = ['old_tenant_needs_mfa', 'old_tenant_password_leaked']

/** Twin of the one in `legacy-scripts.ts`. */
export function messageOf(code: string): string {
  if (mendedByReset.includes(code)) return `Reset your password to go on (${code}).`
  return `The legacy user store gave no usable answer (${code}).`
}

/** A username is nothing that an address could be found by: nobody is told that it is free. */
export async function findUser(
  identifier: string,
  budget: number,
  api: LegacyApi,
): Promise<LegacyAnswer> {
  const { memory, now, serverError, shared } = api
  const own = { ...api, memory: managementMemory(memory) }
  if (!identifier.includes('@')) return unasked('old_tenant_needs_email', api)
  if (isOpen(own.memory, shared, now())) return unasked('legacy_api_circuit_open', api)
  const answer = await askForAddress(identifier, budget, own)
  // The tenant is there: a login that is kept waiting need wait no longer.
  if (!isGivenUp(answer, serverError)) settle(memory, shared, false, now())
  return answer
}

/** Leaves the minute's try of an open circuit, which was given to this call, to the next one. */
function unasked(code: Outage['code'], { memory, now }: LegacyApi): Outage {
  if (memory.openUntil) memory.openUntil = now()
  return { type: 'outage', code }
}

/**
 * What is remembered of the Management API alone: a login does not ask it, and is not stopped when it is
 * gone, or gives no token.
 */
function managementMemory(memory: ScriptMemory): InstanceMemory {
  memory.management ??= {}
  return memory.management
}

async function askForAddress(
  identifier: string,
  budget: number,
  api: LegacyApi,
): Promise<LegacyAnswer> {
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
  const answer = await askInTurn(lookup, deadline, api)
  if (answer.type !== 'problem' || !elsewhere) return answer
  // Nobody of our database: but is there one of that name? Few addresses need the question.
  const anybody = { request: anybodyRequest(apiUrl, connection), process: processAnybodyResponse }
  return askInTurn(anybody, deadline, api)
}

/**
 * Milliseconds to wait when the limit is used up. The smallest plan gives two requests a second.
 * https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy
 */
const turn = 1_000

/** Somebody waits for this answer, and it is given once: there is no next login to repair it. */
async function askInTurn(
  call: LegacyCall,
  deadline: number,
  api: LegacyApi,
): Promise<LegacyAnswer> {
  for (;;) {
    const patience = { attempts: 3, budget: deadline - api.now() }
    const answer = await callLegacyApi(call, patience, api)
    const isBusy = answer.type === 'outage' && answer.status === 429
    if (!isBusy || api.now() + 2 * turn > deadline) return answer
    await wait(turn)
  }
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
  const forKeys = { ...attempts, count: 3, first: 1_000 }
  const verified = await verifyIdToken(answer.idToken, settings, memory as ScriptMemory, forKeys)
  if (!('claims' in verified)) return verified
  const user = verified.claims[handOverClaim]
  // Without it nobody knows whether this user has moved already, or was deleted since.
  if (user === undefined) return { type: 'outage', code: 'old_tenant_action_missing' }
  if (user === false) return { type: 'outage', code: 'legacy_user_unusable' }
  return isLegacyUser(user)
    ? { type: 'user', user }
    : { type: 'outage', code: 'legacy_api_invalid_response' }
}
