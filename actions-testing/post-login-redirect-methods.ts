import type { Methods, Namespace } from './api-method.ts'
import { anything, name, number, objectOf, optional, text, webUrl } from './argument-checks.ts'
import { isPlainObject, jsonBytes } from './json-value.ts'
import type { LoginTurn } from './login-state.ts'
import { askUser } from './post-login-authentication-methods.ts'
import { signToken, verifyToken } from './redirect-token.ts'

// https://auth0.com/docs/customize/actions/redirect-with-actions
const defaultSeconds = 900

/** In other flows without a browser it is true all the same: https://github.com/auth0/auth0-actions. */
const withoutBrowser = [
  'oauth2-password',
  'oauth2-refresh-token',
  'oauth2-resource-owner',
  'oauth2-webauthn',
]

// https://github.com/auth0/auth0-actions
const maxPromptBytes = 24_000
const bothAtOnce = () =>
  new TypeError('api.redirect.sendUserTo and api.prompt.render: not in one Action')

const dictionary = (value: unknown) => (isPlainObject(value) ? null : 'an object')

const redirect: Namespace<LoginTurn> = {
  canRedirect: {
    parameters: [],
    run({ state: { event } }) {
      const { protocol = '', prompt = [] } = event.transaction ?? {}
      const silent = prompt.includes('none') || event.request.query.prompt === 'none'
      return !withoutBrowser.includes(protocol) && !silent
    },
  },
  encodeToken: {
    confidential: true,
    parameters: [
      [
        'options',
        objectOf({ secret: text, payload: dictionary, expiresInSeconds: optional(number) }),
      ],
    ],
    run({ state: login }, options) {
      const { secret, payload, expiresInSeconds = defaultSeconds } = options as EncodeOptions
      const iat = Math.floor(login.now() / 1000)
      const { request, user } = login.event
      const registered = {
        iss: request.hostname,
        sub: user.user_id,
        iat,
        exp: iat + expiresInSeconds,
        ip: request.ip,
      }
      return signToken({ ...registered, ...payload }, secret)
    },
  },
  sendUserTo: {
    parameters: [
      ['url', webUrl],
      ['options', optional(objectOf({ query: optional(dictionary) }))],
    ],
    run(turn, url, options) {
      if (turn.state.interaction?.method === 'prompt.render') throw bothAtOnce()
      askUser(turn, 'redirect.sendUserTo', withQuery(String(url), options as SendOptions))
    },
  },
  validateToken: {
    confidential: true,
    parameters: [['options', objectOf({ secret: text, tokenParameterName: anything })]],
    run({ handler, state: login }, options) {
      if (handler !== 'onContinuePostLogin') {
        throw new TypeError('api.redirect.validateToken: only in onContinuePostLogin')
      }
      const { secret, tokenParameterName = 'session_token' } = options as ValidateOptions
      const { request, user } = login.event
      const parameters = { ...request.query, ...request.body }
      const token = parameters[tokenParameterName]
      if (typeof token !== 'string') throw new Error(`There is no parameter ${tokenParameterName}`)
      const claims = verifyToken(token, secret, login.now())
      checkState(claims.state, parameters.state)
      if (claims.sub !== undefined && claims.sub !== user.user_id) {
        throw new Error('The session token is for another user')
      }
      return claims
    },
  },
}

/**
 * What keeps a token of one login from being used in another.
 *
 * @see https://auth0.com/docs/customize/actions/redirect-with-actions
 */
function checkState(claimed: unknown, state: unknown): void {
  if (typeof state !== 'string') throw new Error('There is no parameter state')
  if (claimed !== state) throw new Error('The state of the session token is not that of the login')
}

function withQuery(address: string, options: SendOptions): string {
  const url = new URL(address)
  for (const [name, value] of Object.entries(options?.query ?? {})) {
    url.searchParams.set(name, String(value))
  }
  return url.href
}

const prompt: Namespace<LoginTurn> = {
  render: {
    parameters: [
      ['promptId', name],
      ['promptOptions', optional(objectOf({ fields: anything, vars: anything }))],
    ],
    run(turn, _promptId, options) {
      const { interaction } = turn.state
      if (interaction?.method === 'redirect.sendUserTo') throw bothAtOnce()
      if (interaction?.method === 'prompt.render') {
        throw new TypeError('api.prompt.render: only once in an Action')
      }
      if (jsonBytes(options) > maxPromptBytes) {
        throw new TypeError('api.prompt.render: the options exceed 24 kB')
      }
      askUser(turn, 'prompt.render')
    },
  },
}

/** Namespaces that send the user somewhere else, to come back. */
export const redirectMethods: Methods<LoginTurn> = { prompt, redirect }

type SendOptions = { readonly query?: Readonly<Record<string, unknown>> } | undefined

interface EncodeOptions {
  readonly secret: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly expiresInSeconds?: number
}

interface ValidateOptions {
  readonly secret: string
  readonly tokenParameterName?: string
}
