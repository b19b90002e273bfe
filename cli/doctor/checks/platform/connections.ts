import { migrationNamed } from '../../migrations/find-migration.ts'
import { at, isFields, textAt } from '../../tenant/shape.ts'
import { type Check, each } from '../check.ts'

/** Connections that are no social ones of Auth0's own: their options are the owner's. */
const own =
  /^(oauth[12]|oidc|custom|samlp|waad|adfs|ad|pingfederate|okta|google-apps|office365|sharepoint|ip|sms|email|auth0|auth0-oidc|auth0-adldap)$/

const protectedOptions = [
  'authorizationURL',
  'tokenURL',
  'userInfoUrl',
  'baseUrl',
  'userAuthorizationURL',
  'grant_type',
]

export const platformConnectionChecks: readonly Check[] = [
  {
    kind: migrationNamed('azure-ad-v1-extended-attributes'),
    ...each('connections', function* ({ value, place }) {
      if (value.strategy !== 'waad') return
      if (textAt(value, 'options', 'identity_api') !== 'azure-active-directory-v1.0') return
      const options = at(value, 'options')
      const extended = Object.entries(isFields(options) ? options : {}).filter(
        ([name, on]) => name.startsWith('ext_') && on === true,
      )
      if (extended.length === 0) return
      const what = `It is of v1, with ${extended.map(([name]) => name).join(', ')}.`
      yield { what, where: place('options', 'identity_api') }
    }),
  },
  {
    kind: migrationNamed('protected-social-properties'),
    ...each('connections', function* ({ value, place }, _settings, { origin }) {
      const strategy = textAt(value, 'strategy')
      if (origin === 'live' || strategy === undefined || own.test(strategy)) return
      for (const option of protectedOptions) {
        if (at(value, 'options', option) === undefined) continue
        yield { what: `options has ${option}.`, where: place('options', option) }
      }
    }),
  },
  {
    kind: migrationNamed('instagram-connection'),
    ...each('connections', function* ({ value, place }) {
      if (value.strategy !== 'instagram') return
      yield { what: 'Its strategy is instagram.', where: place('strategy') }
    }),
  },
]
