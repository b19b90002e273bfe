import type { HttpResponse } from '../core/http-message.ts'
import type { LegacyAnswer } from '../core/legacy-answer.ts'
import { authenticateRequest, lookupRequest, processFoundResponse } from '../core/legacy-api.ts'
import { callLegacyApi, type LegacyApi } from './legacy-api-client.ts'

/**
 * What the scripts ask a legacy API. Where the config says `source: 'auth0-tenant'` the build puts
 * `old-tenant-scripts.ts` in this one's place.
 *
 * @param budget Milliseconds.
 */
export function checkPassword(
  identifier: string,
  password: string,
  budget: number,
  api: LegacyApi,
): Promise<LegacyAnswer> {
  const call = {
    request: authenticateRequest(api.settings.apiUrl, identifier, password),
    process: (response: HttpResponse) => processFoundResponse(response, identifier),
    // Each try counts against the user: it is never sent twice.
    once: true,
  }
  return callLegacyApi(call, { attempts: 3, budget }, api)
}

/** What the person who is turned away may be shown. */
export function messageOf(code: string): string {
  return `The legacy user store gave no usable answer (${code}).`
}

export function findUser(
  identifier: string,
  budget: number,
  api: LegacyApi,
): Promise<LegacyAnswer> {
  const call = {
    request: lookupRequest(api.settings.apiUrl, identifier),
    process: (response: HttpResponse) => processFoundResponse(response, identifier),
  }
  return callLegacyApi(call, { attempts: 3, budget }, api)
}
