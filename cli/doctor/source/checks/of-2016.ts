import { migrationNamed } from '../../migrations/find-migration.ts'
import { isForeign, mayBeAuth0 } from '../code/address.ts'
import { argumentsNamed, callsIn, readsOf, sdkCalls } from '../code/calls.ts'
import { clientOf } from '../code/clients.ts'
import type { Code } from '../code/code.ts'
import { type Path, startsWith } from '../code/paths.ts'
import { propertiesOf } from '../code/properties.ts'
import { requestsOf, requestsTo } from '../code/requests.ts'
import type { Node } from '../code/tree.ts'
import { type Check, everywhere, type Sighting } from './check.ts'

const deleteAllUsers: Check = {
  kind: migrationNamed('delete-all-users-endpoint'),
  in: everywhere,
  find: (code) => [
    ...deletionsAt(code, /^\/api\/v2\/users$/).map((node) => ({
      node,
      what: 'Sends DELETE to the users endpoint without an id.',
    })),
    // Where Auth0 sent those who had called the other.
    ...deletionsAt(code, /^\/api\/v2\/allusers$/).map((node) => ({
      node,
      what: 'Deletes all users, by an endpoint that is in no API reference of today.',
      severity: 'note' as const,
    })),
    ...sdkCalls(code, 'management', 'users.deleteAll', 'deleteAllUsers').map((node) => ({
      node,
      what: 'Deletes all users by a method of the SDK that calls an endpoint that has gone.',
    })),
  ],
}

function deletionsAt(code: Code, path: RegExp): readonly Node[] {
  return requestsTo(code, path, ['DELETE'])
    .filter(({ to }) => to.some(({ address }) => mayBeAuth0(address, code)))
    .map(({ node }) => node)
}

const idpAccessTokens: Check = {
  kind: migrationNamed('idp-access-tokens'),
  in: everywhere,
  find: (code) =>
    readsOf(code, ['access_token', 'accessToken']).flatMap(({ node, paths }) =>
      paths.some((path) => path.at(-3) === 'identities' && isProfile(code, path))
        ? [
            {
              node,
              what:
                code.kind === 'rule'
                  ? 'Reads the access token of an identity provider, which Rules were given, and Actions are not.'
                  : 'Reads the access token of an identity provider from a profile or an ID token, which has none.',
            },
          ]
        : [],
    ),
}

/** A profile that Auth0 hands over, or one out of a token; not one that the Management API gave. */
function isProfile(code: Code, path: Path): boolean {
  if (code.kind === 'action') return startsWith(path, 'event', 'user')
  if (code.kind === 'rule') return path[0] === 'user'
  const text = path.join(' ')
  const isDecoded = decoders.some((one) => text.startsWith(one))
  return isDecoded || sessions.some((one) => one.test(text)) || isUserinfo(code, path)
}

/**
 * What a request of the application's own gave. A value does not say which request it is of: so only
 * where each request of the file is for /userinfo.
 */
function isUserinfo(code: Code, path: Path): boolean {
  const call = path.indexOf('()')
  if (call === -1 || clientOf(path.slice(0, call), code.kind) === null) return false
  return requestsOf(code).every(
    ({ to }) => to.length > 0 && to.every(({ address }) => /\/userinfo$/.test(address.path)),
  )
}

/** What the SDKs make of a session or of an ID token. */
const sessions: readonly RegExp[] = [
  / oidc user /,
  / useAuth0 \(\) (user|getIdTokenClaims \(\)) /,
  /^module:@auth0\/auth0-spa-js (createAuth0Client \(\)|Auth0Client new\(\)|\(\)) (getUser|getIdTokenClaims) \(\) /,
  /^module:@auth0\/auth0-angular AuthService new\(\) (idTokenClaims|user)\$ (pipe \(\) )?subscribe \(\) \$0 /,
  /^module:@auth0\/nextjs-auth0(\/\w+)? (Auth0Client new\(\) )?(getSession|useUser) \(\) user /,
  /^(module:auth0-js|auth0) (WebAuth|Authentication) new\(\) (client )?userInfo \(\) \$1 /,
  /^(module:auth0-js|auth0) WebAuth new\(\) (checkSession|parseHash|renewAuth) \(\) \$1 idTokenPayload /,
  /^module:passport-auth0 (Strategy )?new\(\) \$[2-4] /,
]

/** What turns an ID token or a session into a profile. */
const decoders = [
  'jwt_decode ()',
  'module:jose decodeJwt ()',
  'module:jose jwtVerify () payload',
  'module:jsonwebtoken decode ()',
  'module:jsonwebtoken verify ()',
  'module:jwt-decode ()',
  'module:jwt-decode jwtDecode ()',
  ...['Auth0Lock new()', 'module:auth0-lock Auth0Lock new()', 'module:auth0-lock new()'].flatMap(
    (one) => [`${one} getProfile () $1`, `${one} getUserInfo () $1`],
  ),
]

const tokeninfo: Check = {
  kind: migrationNamed('tokeninfo-validation'),
  in: everywhere,
  find: (code) => [
    ...requestsOf(code)
      .filter(({ to }) =>
        to.some(
          ({ address: { host, path } }) => path === '/tokeninfo' && host !== '' && !isForeign(host),
        ),
      )
      .map(({ node }) => ({ node, what: 'Calls /tokeninfo.' })),
    ...[
      ...sdkCalls(code, 'authentication', 'tokens.getInfo'),
      ...sdkCalls(code, 'browser', 'getProfile'),
    ].map((node) => ({ node, what: 'Calls /tokeninfo, by a method of the SDK.' })),
  ],
}

const passwordFlow: Check = {
  kind: migrationNamed('vulnerable-password-flow'),
  in: everywhere,
  find: (code) => [
    ...requestsTo(code, /\/dbconnections\/change_password$/, ['POST'])
      .filter(({ bodies }) => bodies.some((body) => propertiesOf(code, body).all.has('password')))
      .map(({ node }) => sending(node)),
    ...callsIn(code)
      .filter(({ node, paths }) => paths.some(isReset) && asksForReset(code, node))
      .map(({ node }) => sending(node)),
  ],
}

function sending(node: Sighting['node']): Sighting {
  return { node, what: 'Asks for a change of password and sends the new password along.' }
}

function isReset(path: Path): boolean {
  return path.length > 1 && path.at(-1) === 'changePassword'
}

/** The arguments of auth0.js, Lock and the SDK alike; nobody else names a connection. */
function asksForReset(code: Code, node: Parameters<typeof argumentsNamed>[1]): boolean {
  return ['connection', 'password'].every((name) => argumentsNamed(code, node, name).length > 0)
}

export const checksOf2016: readonly Check[] = [
  deleteAllUsers,
  idpAccessTokens,
  tokeninfo,
  passwordFlow,
]
