import { decodeJwt } from 'jose'
import { Pool } from 'undici'
import { claim, type LoginAddress, type LoginRequest } from './login-server.ts'

/** What so many logins came to. */
export interface Load {
  readonly logins: number
  /** Logins without their three tokens, or whose ID token lacks the claim. */
  readonly failed: number
  readonly perSecond: number
}

export interface Visitors {
  logIn(logins: number): Promise<Load>
  leave(): Promise<void>
}

/** Connections that are kept, each with one login under way. */
const connections = 10

/** Who logs in to a server, over and over: by connections that stay open, all users in turn. */
export function openVisitors({ origin, certificate, requests }: LoginAddress): Visitors {
  const pool = new Pool(origin, { connections, pipelining: 1, connect: { ca: certificate } })
  return {
    async logIn(logins) {
      const waiting = Array.from({ length: logins }, (_, index) => index).values()
      let failed = 0
      const start = performance.now()
      const visitors = Array.from({ length: connections }, async () => {
        // One iterator for all of them: whoever is free makes the next login.
        for (const index of waiting) {
          const request = requests[index % requests.length] ?? {}
          if (!(await isLoggedIn(pool, request))) failed += 1
        }
      })
      await Promise.all(visitors)
      const seconds = (performance.now() - start) / 1_000
      return { logins, failed, perSecond: logins / seconds }
    },
    leave: () => pool.close(),
  }
}

async function isLoggedIn(pool: Pool, request: LoginRequest): Promise<boolean> {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/oauth/token',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  })
  const text = await body.text()
  return statusCode === 200 && holdsTokens(JSON.parse(text))
}

interface TokenAnswer {
  readonly access_token?: string
  readonly id_token?: string
  readonly refresh_token?: string
}

function holdsTokens(answer: TokenAnswer): boolean {
  const { access_token: access, id_token: id, refresh_token: refresh } = answer
  if (access === undefined || id === undefined || refresh === undefined) return false
  // An access token that is no JWT has not been signed: then less was done than is compared.
  return decodeJwt(access).iss !== undefined && decodeJwt(id)[claim] !== undefined
}
