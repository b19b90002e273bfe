import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { ordersApi } from './applications.ts'
import { errorPage, homePage, profilePage } from './serve-pages.ts'
import type { World } from './world.ts'

/** A login under way: what the callback must match. */
interface Pending {
  readonly verifier: string
  readonly nonce: string
}

/** The sample application as a person uses it. On a free port of this machine. */
export interface SampleServer {
  readonly url: string
  close(): Promise<void>
}

/** Starts an application in which a person logs in with a browser, and sees profile and tokens. */
export async function startSampleServer(world: World): Promise<SampleServer> {
  const app = new Hono()
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const callback = `${url}/callback`
  await allowCallback(world, callback)
  const pending = new Map<string, Pending>()
  const people = Array.from({ length: 5 }, () => world.legacy.takeUser())

  app.get('/', (context) => context.html(homePage(people)))
  app.get('/login', async (context) => {
    const [state, verifier, nonce] = [
      oidc.randomState(),
      oidc.randomPKCECodeVerifier(),
      oidc.randomNonce(),
    ]
    pending.set(state, { verifier, nonce })
    const parameters = {
      redirect_uri: callback,
      scope: 'openid profile email',
      audience: ordersApi,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      // Whoever comes back to try another user wants the form, not the session.
      prompt: 'login',
    }
    return context.redirect(oidc.buildAuthorizationUrl(world.applications.sample, parameters).href)
  })
  app.get('/callback', async (context) => {
    const answer = new URL(context.req.url)
    const state = answer.searchParams.get('state') ?? ''
    const login = pending.get(state)
    pending.delete(state)
    if (login === undefined) return context.html(errorPage('This login is not under way.'), 400)
    const error = answer.searchParams.get('error')
    if (error !== null) {
      const description = answer.searchParams.get('error_description') ?? ''
      return context.html(errorPage(`${error}: ${description}`), 403)
    }
    return context.html(await exchange(world, new URL(answer.search, callback), state, login))
  })
  return { url, close: () => closed(server) }
}

/** Runs until it is interrupted. */
export async function serve(world: World, say: (text: string) => void): Promise<void> {
  const server = await startSampleServer(world)
  // Before anybody is told that it runs, and may end it.
  const signalled = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  say(`
Log in with a browser:  ${server.url}

It lists users of the legacy store to log in as. Your browser will warn of the stand-in tenant's
certificate, which was made for this run. Ctrl-C ends it all.`)
  await signalled
  await server.close()
}

async function exchange(
  world: World,
  answer: URL,
  state: string,
  { verifier, nonce }: Pending,
): Promise<string> {
  const { sample } = world.applications
  const tokens = await oidc.authorizationCodeGrant(sample, answer, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
  })
  const claims = tokens.claims()
  const userinfo = await oidc.fetchUserInfo(sample, tokens.access_token, claims?.sub ?? '')
  return profilePage({
    'Profile (/userinfo)': userinfo,
    'ID token': claims ?? {},
    'Access token for the orders API': decodeJwt(tokens.access_token),
  })
}

/** As an engineer adds a callback URL in the Dashboard. */
async function allowCallback({ management }: World, callback: string): Promise<void> {
  const { client_id } = await management.clientNamed('Sample Application')
  await management.patch(`clients/${client_id}`, { callbacks: [callback] })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
