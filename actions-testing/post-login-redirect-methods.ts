import { anything, number, objectOf, optional, text, webUrl } from './argument-checks.ts'
import { isPlainObject } from './json-value.ts'
import type { Namespace } from './post-login-method.ts'
import { signToken, verifyToken } from './redirect-token.ts'

// https://auth0.com/docs/customize/actions/redirect-with-actions
const defaultSeconds = 900

/** Flows without a browser. The reference page names the first two, as examples. */
const withoutBrowser = [
  'oauth2-resource-owner',
  'oauth2-refresh-token',
  'oauth2-password',
  'oauth2-resource-owner-jwt-bearer',
  'oauth2-token-exchange',
]

const dictionary = (value: unknown) => (isPlainObject(value) ? null : 'an object')

/** `api.redirect`. */
export const redirectMethods: Namespace = {
  canRedirect: {
    parameters: [],
    run({ login: { event } }) {
      const { protocol = '', prompt = [] } = event.transaction ?? {}
      return !withoutBrowser.includes(protocol) && !prompt.includes('none')
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
    run({ login }, options) {
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
    interaction: true,
    parameters: [
      ['url', webUrl],
      ['options', optional(objectOf({ query: optional(dictionary) }))],
    ],
  },
  validateToken: {
    confidential: true,
    parameters: [['options', objectOf({ secret: text, tokenParameterName: anything })]],
    run({ login }, options) {
      const { secret, tokenParameterName = 'session_token' } = options as ValidateOptions
      const { body, query } = login.event.request
      const token = query[tokenParameterName] ?? body[tokenParameterName]
      if (typeof token !== 'string') throw new Error(`There is no parameter ${tokenParameterName}`)
      return verifyToken(token, secret, login.now())
    },
  },
}

interface EncodeOptions {
  readonly secret: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly expiresInSeconds?: number
}

interface ValidateOptions {
  readonly secret: string
  readonly tokenParameterName?: string
}
