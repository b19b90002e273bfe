import { migrationNamed } from '../../migrations/find-migration.ts'
import { mayBeAuth0 } from '../code/address.ts'
import { argumentsNamed, sdkCalls } from '../code/calls.ts'
import type { Code } from '../code/code.ts'
import { propertiesOf } from '../code/properties.ts'
import { type HttpRequest, requestsTo } from '../code/requests.ts'
import { textOf } from '../code/texts.ts'
import type { Node } from '../code/tree.ts'
import { type Check, everywhere } from './check.ts'

/** A list that is cut off where it is asked for by page. */
function offset(id: string, path: RegExp, methods: readonly string[], what: string): Check {
  return {
    kind: migrationNamed(id),
    in: everywhere,
    find: (code) =>
      [
        ...requestsTo(code, path, ['GET'])
          .filter(
            (one) =>
              one.to.some(({ address }) => mayBeAuth0(address, code)) &&
              isTooFar(offsetOf((name) => queryOf(code, one, name))),
          )
          .map(({ node }) => node),
        ...sdkCalls(code, 'management', ...methods).filter((node) =>
          isTooFar(
            offsetOf((name) => argumentsNamed(code, node, name).map((one) => textOf(code, one))[0]),
          ),
        ),
      ].map((node) => ({ node, what })),
  }
}

function queryOf(
  code: Code,
  { to, queries }: HttpRequest,
  name: string,
): string | null | undefined {
  const texts = to.map(({ address }) => new URLSearchParams(address.query).get(name))
  const nodes = queries.flatMap((query) => propertiesOf(code, query).all.get(name) ?? [])
  return [...texts, ...nodes.map((node) => textOf(code, node))].find((one) => one !== null)
}

/** Pages count from 0, and have 50 unless told otherwise. */
function offsetOf(read: (name: string) => string | null | undefined): number {
  return Number(read('page') ?? 0) * Number(read('per_page') ?? 50)
}

function isTooFar(offset: number): boolean {
  return Number.isFinite(offset) && offset > 1_000
}

const deviceCredentials: Check = {
  kind: migrationNamed('device-credentials-user-id'),
  in: everywhere,
  find: (code) => {
    const requests = requestsTo(code, /\/api\/v2\/device-credentials$/, ['GET']).filter(
      (one) =>
        one.whole &&
        one.to.every(({ address }) => mayBeAuth0(address, code)) &&
        one.to.every(({ address }) => !/[?&]user_id=/.test(address.query)) &&
        lacks(code, one.queries, 'user_id'),
    )
    const calls = sdkCalls(
      code,
      'management',
      'deviceCredentials.getAll',
      'deviceCredentials.list',
      'getDeviceCredentials',
    ).filter((node) => lacks(code, node.arguments, 'user_id'))
    return [...requests.map(({ node }) => node), ...calls].map((node) => ({
      node,
      what: 'Asks for device credentials without user_id.',
    }))
  },
}

/** And cannot have it out of sight. */
function lacks(code: Code, given: readonly Node[], name: string): boolean {
  return given.every((one) => {
    const { all, whole } = propertiesOf(code, one)
    return whole && !all.has(name)
  })
}

export const queryChecks: readonly Check[] = [
  offset(
    'connections-offset',
    /\/api\/v2\/connections$/,
    ['connections.getAll', 'connections.list', 'getConnections'],
    'Asks for connections from an offset over 1,000.',
  ),
  offset(
    'role-users-pagination',
    /\/api\/v2\/roles\/[^/]+\/users$/,
    ['getUsersInRole', 'roles.getUsers', 'roles.users.list'],
    'Asks for users of a role from an offset over 1,000.',
  ),
  deviceCredentials,
]
