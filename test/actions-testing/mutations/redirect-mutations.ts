import { createHmac } from 'node:crypto'
import { SignJWT } from 'jose'
import { createContinueEvent } from '../../../actions-testing/continue-event.ts'
import { createPostLoginEvent } from '../../../actions-testing/event.ts'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { isDenied, limitOf, loginOf, type Mutation, seen, seenBy } from './mutation.ts'

const redirect = 'post-login-redirect-methods.ts'
const token = 'redirect-token.ts'
const secret = 'a secret that is long enough to sign with'
const now = Date.UTC(2026, 0, 15)

/** A login that was sent away and has come back with this token. */
async function resumed(session_token: string, state = 's') {
  const validate = `api.redirect.validateToken({ secret: '${secret}' }); ${seen('true')}`
  const code = `exports.onExecutePostLogin = async (event, api) => { api.redirect.sendUserTo('https://app.example/') }
    exports.onContinuePostLogin = async (event, api) => { ${validate} }`
  const actions = [
    {
      name: 'before',
      secrets: {},
      code: `exports.onExecutePostLogin = async () => console.log('ran')`,
    },
    { name: 'asks', secrets: {}, code },
  ]
  const runtime = createInProcessRuntime({ now: () => now })
  const event = createPostLoginEvent()
  const resume = await runtime.runPostLogin({ actions, event })
  const back = createContinueEvent(event, resume, { query: { session_token, state } })
  return runtime.runPostLogin({ actions, event: back, resume })
}

async function sign(claims: Record<string, unknown>, key = secret, seconds = 60): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(now / 1000 + seconds)
    .sign(Buffer.from(key))
}

const refusesToken = async (signed: Promise<string> | string) =>
  (await resumed(await signed)).denied !== null

/** A token that nobody signed, and that says so. */
function unsigned(): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const [header, payload] = [encode({ alg: 'none' }), encode({ state: 's' })]
  const signature = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url')
  return `${header}.${payload}.${signature}`
}

/** Limits of sending the user away, and of going on when they are back. */
export const redirectMutations: readonly Mutation[] = [
  limitOf(
    'validateToken only in onContinuePostLogin',
    redirect,
    "if (handler !== 'onContinuePostLogin') {",
    'if (false) {',
    () => isDenied(`api.redirect.validateToken({ secret: 'x' })`, 'only in onContinuePostLogin'),
  ),
  limitOf(
    'a session token has the state of its login',
    redirect,
    'if (claimed !== state) throw',
    'if (false) throw',
    () => refusesToken(sign({ state: 'other' })),
  ),
  limitOf(
    'a session token is signed with the secret',
    token,
    'bytes.length !== expected.length || !timingSafeEqual(bytes, expected)',
    'bytes.length !== expected.length',
    () => refusesToken(sign({ state: 's' }, 'another secret')),
  ),
  limitOf(
    'a session token is signed by HS256',
    token,
    "decode(header)?.alg !== 'HS256'",
    "decode(header)?.alg === ''",
    () => refusesToken(unsigned()),
  ),
  limitOf('a session token expires', token, 'exp * 1000 <= now', 'exp * 1000 <= 0', () =>
    refusesToken(sign({ state: 's' }, secret, 0)),
  ),
  limitOf(
    'a token of encodeToken is good for 900 seconds',
    redirect,
    'defaultSeconds = 900',
    'defaultSeconds = 901',
    async () => {
      const encoded = seen(`api.redirect.encodeToken({ secret: 'x', payload: {} })`)
      const [, payload = ''] = String(await seenBy(encoded)).split('.')
      const { exp, iat } = JSON.parse(Buffer.from(payload, 'base64url').toString())
      return exp - iat === 900
    },
  ),
  limitOf(
    'canRedirect is false without a browser',
    redirect,
    '!withoutBrowser.includes(protocol) &&',
    '',
    async () => {
      const transaction = { protocol: 'oauth2-refresh-token' } as const
      return (await seenBy(seen('api.redirect.canRedirect()'), { transaction })) === false
    },
  ),
  limitOf('canRedirect is false with prompt=none', redirect, '&& !silent', '', async () => {
    const transaction = { prompt: ['none'] }
    return (await seenBy(seen('api.redirect.canRedirect()'), { transaction })) === false
  }),
  limitOf(
    'a prompt is not rendered beside a redirect',
    redirect,
    "if (interaction?.method === 'redirect.sendUserTo') throw bothAtOnce()",
    '',
    () =>
      isDenied(
        `api.redirect.sendUserTo('https://app.example/'); api.prompt.render('a')`,
        'not in one Action',
      ),
  ),
  limitOf(
    'metadata of a session has 25 entries',
    'post-login-recorded-methods.ts',
    'if (Object.keys(metadata).length > maxEntries) {',
    'if (false) {',
    () =>
      isDenied(
        `for (let n = 0; n < 26; n += 1) api.session.setMetadata('k' + n, 'v')`,
        'exceeds 25 entries',
      ),
  ),
  limitOf(
    'validateToken refuses a token for another user',
    redirect,
    'claims.sub !== user.user_id',
    'false',
    () => refusesToken(sign({ state: 's', sub: 'auth0|somebody-else' })),
  ),
  limitOf(
    'a resumed login does not run earlier Actions again',
    'post-login-flow.ts',
    'return actions.slice(resumed.continues ? index : index + 1)',
    'return actions',
    async () => (await resumed(await sign({ state: 's' }))).logs.length === 0,
  ),
  limitOf(
    'multifactor that was asked for before a redirect is still owed after it',
    'login-state.ts',
    'multifactor: resume?.multifactor ?? null',
    'multifactor: null',
    async () => {
      const code = `exports.onExecutePostLogin = async (event, api) => {
        api.multifactor.enable('any').redirect.sendUserTo('https://app.example/')
      }; exports.onContinuePostLogin = async () => {}`
      const run = { actions: [{ name: 'asks', secrets: {}, code }], event: createPostLoginEvent() }
      const runtime = createInProcessRuntime()
      const resume = await runtime.runPostLogin(run)
      return (await runtime.runPostLogin({ ...run, resume })).interaction !== null
    },
  ),
  limitOf(
    'only a login that stopped for the user is resumed',
    'post-login-flow.ts',
    "if (!interaction || interaction.method === 'multifactor.enable') {",
    'if (!interaction) {',
    async () => {
      const resume = await loginOf([`api.multifactor.enable('any')`])
      const run = { actions: [], event: createPostLoginEvent(), resume }
      const outcome = await createInProcessRuntime()
        .runPostLogin(run)
        .catch(() => null)
      return outcome === null
    },
  ),
]
