import { migrationNamed } from '../../migrations/find-migration.ts'
import { isAuth0, mayBeAuth0 } from '../code/address.ts'
import { argumentsNamed, sdkCalls, sdkClients } from '../code/calls.ts'
import type { Code } from '../code/code.ts'
import { pathsOf } from '../code/paths.ts'
import { propertiesOf } from '../code/properties.ts'
import { type HttpRequest, requestsOf, requestsTo } from '../code/requests.ts'
import { textOf, textsOf } from '../code/texts.ts'
import type { Node } from '../code/tree.ts'
import { type Check, everywhere } from './check.ts'

const oauthRo: Check = {
  kind: migrationNamed('oauth-ro'),
  in: everywhere,
  find: (code) => [
    ...requestsOf(code)
      .filter(({ to }) => to.some(({ address }) => /^\/oauth\/ro$/.test(address.path)))
      .map(({ node }) => ({ node, what: 'Calls /oauth/ro.' })),
    ...[
      ...sdkCalls(code, 'authentication', 'oauth.signIn').filter(
        (node) => argumentsNamed(code, node, 'type').length === 0,
      ),
      ...sdkCalls(code, 'browser', 'client.loginWithResourceOwner', 'loginWithResourceOwner'),
    ].map((node) => ({ node, what: 'Calls /oauth/ro, by a method of the SDK.' })),
  ],
}

const legacyLockApi: Check = {
  kind: migrationNamed('legacy-lock-api'),
  in: everywhere,
  find: (code) =>
    requestsOf(code)
      .filter(({ to }) =>
        to.some(
          ({ address }) =>
            /^\/(usernamepassword\/login|(user\/)?ssodata)$/.test(address.path) &&
            mayBeAuth0(address, code),
        ),
      )
      .map(({ node }) => ({ node, what: 'Calls an endpoint of the Legacy Lock API.' })),
}

const managementApiV1: Check = {
  kind: migrationNamed('management-api-v1'),
  in: everywhere,
  find: (code) =>
    requestsOf(code)
      .filter(({ to }) =>
        to.some(
          ({ address, text }) =>
            isAuth0(address, text, code) &&
            /^\/api\/(clients|connections|logs|rules|users)(\/|$)/.test(address.path),
        ),
      )
      .map(({ node }) => ({ node, what: 'Calls version 1 of the Management API.' })),
}

const httpsOnly: Check = {
  kind: migrationNamed('https-only'),
  in: everywhere,
  find: (code) =>
    requestsOf(code)
      .filter(({ to }) =>
        to.some(({ address, text }) => address.scheme === 'http' && isAuth0(address, text, code)),
      )
      .map(({ node }) => ({ node, what: 'Calls Auth0 by http.' })),
}

const userSearchV2: Check = {
  kind: migrationNamed('user-search-v2'),
  in: everywhere,
  find: (code) => {
    const isOld = (node: Node) => ['v1', 'v2'].includes(textOf(code, node) ?? '')
    const searches = requestsTo(code, /\/api\/v2\/users$/, ['GET']).filter(
      ({ to, queries }) =>
        to.some(({ address }) => /[?&]search_engine=v[12](&|$)/.test(address.query)) ||
        queries.some((query) =>
          (propertiesOf(code, query).all.get('search_engine') ?? []).some(isOld),
        ),
    )
    const calls = sdkCalls(code, 'management', 'getUsers', 'users.getAll', 'users.list').filter(
      (node) => argumentsNamed(code, node, 'search_engine').some(isOld),
    )
    return [...searches.map(({ node }) => node), ...calls].map((node) => ({
      node,
      what: 'Searches users by a search engine that has gone.',
    }))
  },
}

const idTokenAsCredential: Check = {
  kind: migrationNamed('id-token-as-management-credential'),
  in: everywhere,
  find: (code) => {
    const requests = requestsOf(code).filter(
      (one) =>
        one.to.some(
          ({ address }) => /^\/api\/v2\//.test(address.path) && mayBeAuth0(address, code),
        ) && authorizationOf(code, one).some((node) => holdsIdToken(code, node)),
    )
    const clients = sdkClients(code, 'management').filter((node) =>
      argumentsNamed(code, node, 'token').some((token) => isIdToken(code, token)),
    )
    return [...requests.map(({ node }) => node), ...clients].map((node) => ({
      node,
      what: 'Calls the Management API with an ID token.',
    }))
  },
}

function authorizationOf(code: Code, { options }: HttpRequest): readonly Node[] {
  return (options.get('headers') ?? []).flatMap((headers) => {
    const { all } = propertiesOf(code, headers)
    return [...(all.get('Authorization') ?? []), ...(all.get('authorization') ?? [])]
  })
}

function holdsIdToken(code: Code, header: Node): boolean {
  return textsOf(code, header).some(({ holes }) => holes.some((one) => isIdToken(code, one)))
}

/** By the name that Auth0’s answers and SDKs give it, not by the one it has here. */
function isIdToken(code: Code, node: Node): boolean {
  return pathsOf(code, node).some((path) => {
    const names = ['__raw', 'idToken', 'id_token']
    return names.includes(path.at(-1) ?? '') && path.length > 1
  })
}

const crossOrigin: Check = {
  kind: migrationNamed('cross-origin-authentication'),
  in: everywhere,
  find: (code) =>
    [
      ...requestsTo(code, /\/api\/v2\/clients(\/|$)/, ['PATCH', 'POST'])
        .filter(({ bodies }) =>
          bodies.some((one) => propertiesOf(code, one).all.has('cross_origin_auth')),
        )
        .map(({ node }) => node),
      ...sdkCalls(
        code,
        'management',
        'clients.update',
        'clients.create',
        'updateClient',
        'createClient',
      ).filter((node) => argumentsNamed(code, node, 'cross_origin_auth').length > 0),
    ].map((node) => ({ node, what: 'Sets cross_origin_auth of an application.' })),
}

export const retiredEndpointChecks: readonly Check[] = [
  oauthRo,
  legacyLockApi,
  managementApiV1,
  httpsOnly,
  userSearchV2,
  idTokenAsCredential,
  crossOrigin,
]
