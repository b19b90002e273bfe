import { subscribe } from 'node:diagnostics_channel'
import type { PostLoginAPI } from '../actions-testing/types/post-login/v3.ts'

/** What Actions did, by kind. */
export interface CallCounts {
  network: number
  metadataWrites: number
  cache: number
  claims: number
  denials: number
  logLines: number
}

/** As much of `api` as the four Actions may touch. Another member would throw, and be logged. */
export type CountingApi = Pick<PostLoginAPI, 'access' | 'cache' | 'user'> & {
  readonly accessToken: Pick<PostLoginAPI['accessToken'], 'setCustomClaim'>
  readonly idToken: PostLoginAPI['idToken']
}

export function noCalls(): CallCounts {
  return { network: 0, metadataWrites: 0, cache: 0, claims: 0, denials: 0, logLines: 0 }
}

/** Does nothing but count, so that what is measured is the Actions. */
export function countingApi(counts: CallCounts): CountingApi {
  const count = (kind: keyof CallCounts) => () => {
    counts[kind] += 1
    // Nothing in the flow reads what it returns.
    return undefined as never
  }
  return {
    access: { deny: count('denials') },
    accessToken: { setCustomClaim: count('claims') },
    cache: { get: count('cache'), set: count('cache'), delete: count('cache') },
    idToken: { setCustomClaim: count('claims') },
    user: { setAppMetadata: count('metadataWrites'), setUserMetadata: count('metadataWrites') },
  }
}

/** Counts what leaves this process by `fetch`, by any other client socket, and by `console.log`. */
export function countProcessCalls(counts: CallCounts): void {
  globalThis.fetch = async () => {
    counts.network += 1
    throw new TypeError('no network in a benchmark')
  }
  subscribe('net.client.socket', () => {
    counts.network += 1
  })
  console.log = () => {
    counts.logLines += 1
  }
}
