import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import type { LegacyApiOptions } from '../../../servers/legacy-api/app.ts'
import type { Database } from '../../../servers/legacy-api/database.ts'
import type { RequestLogEntry } from '../../../servers/legacy-api/request-log.ts'
import { startLegacyApi } from '../../../servers/legacy-api/server.ts'
import { type Answer, type Call, contractFetch } from './contract.ts'
import { operations } from './contract-document.ts'
import type { DatabaseKind } from './databases.ts'

export const issuer = 'https://tenant.example/'
export const audience = 'https://legacy.example/'
export const everyScope = [...new Set(operations.map(({ operation }) => operation['x-scope']))]

export const keys = await generateKeyPair('RS256', { extractable: true })
const publicJwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', use: 'sig' }
export const jwks = createLocalJWKSet({ keys: [publicJwk] })

export const startOfTest = Date.UTC(2026, 10, 21, 8)

/** Claims of a machine's token that may do everything. */
export const machineClaims: JWTPayload = {
  iss: issuer,
  aud: audience,
  sub: 'client123@clients',
  gty: 'client-credentials',
  scope: everyScope.join(' '),
  iat: startOfTest / 1000,
  exp: startOfTest / 1000 + 86_400,
}

export function sign(claims: JWTPayload): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(keys.privateKey)
}

const machineToken = await sign(machineClaims)

export interface TestApi {
  readonly url: string
  readonly database: Database
  readonly requests: RequestLogEntry[]
  /** Milliseconds since 1970; tests move it. */
  readonly clock: { now: number }
  /** With a token that may do everything; held against the contract. */
  call(method: string, path: string, body?: unknown, more?: Partial<Call>): Promise<Answer>
  /** A second instance, over the same store. */
  startAnother(): Promise<{ url: string }>
  close(): Promise<void>
}

export async function openTestApi(kind: DatabaseKind): Promise<TestApi> {
  const { database, openAnother, close } = await kind.open()
  const requests: RequestLogEntry[] = []
  const clock = { now: startOfTest }
  const options: LegacyApiOptions = {
    database,
    issuer,
    audience,
    jwks,
    now: () => clock.now,
    onRequest: (entry) => requests.push(entry),
  }
  const servers = [await startLegacyApi(options)]
  const url = servers[0]?.url ?? ''
  return {
    url,
    database,
    requests,
    clock,
    call: (method, path, body, more) => callAt(url, method, path, body, more),
    startAnother: async () => {
      const another = await startLegacyApi({ ...options, database: await openAnother() })
      servers.push(another)
      return another
    },
    close: async () => {
      await Promise.all(servers.map((server) => server.close()))
      await close()
    },
  }
}

export function callAt(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  more?: Partial<Call>,
): Promise<Answer> {
  const headers = { authorization: `Bearer ${machineToken}`, ...more?.headers }
  return contractFetch(url, { method, path, ...(body !== undefined && { body }), ...more, headers })
}
