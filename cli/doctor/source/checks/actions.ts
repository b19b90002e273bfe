import { callsAfter } from '../code/callback-flow.ts'
import { callsIn } from '../code/calls.ts'
import type { Code } from '../code/code.ts'
import { isPath, type Path, pathsOf } from '../code/paths.ts'
import { textsOf } from '../code/texts.ts'
import type { Node, NodeOf } from '../code/tree.ts'
import { type Check, extensibility } from './check.ts'

const guidelines = 'https://auth0.com/docs/customize/actions/action-coding-guidelines'

const denyWithoutReturn: Check = {
  kind: {
    id: 'deny-without-return',
    severity: 'warning',
    title: 'Denial after which the Action goes on',
    why: 'api.access.deny only marks the login. What the Action does after it is done all the same: metadata that it sets are kept for a user who was refused.',
    remedy: 'Return after api.access.deny.',
    link: guidelines,
  },
  in: ['action'],
  find: (code) => {
    const is = (call: NodeOf<'CallExpression'>, test: (path: Path) => boolean) =>
      pathsOf(code, call.callee).some(test)
    const isFirst = (call: NodeOf<'CallExpression'>) =>
      is(call, (path) => isPath(path, ['api', 'access', 'deny']))
    const isSecond = (call: NodeOf<'CallExpression'>) =>
      is(call, (path) => path[0] === 'api' && changes.test(path.at(-1) ?? ''))
    return [...code.roles.keys()].flatMap((of) =>
      callsAfter({ code, isFirst, isSecond }, of).map((node) => ({
        node,
        what: 'The login may have been denied before.',
      })),
    )
  },
}

/** Methods of api that leave something behind. */
const changes = /^(add|challenge|enable|enroll|evict|record|remove|render|revoke|send|set)/

const cacheRecord: Check = {
  kind: {
    id: 'cache-record-as-text',
    severity: 'error',
    title: 'Record of api.cache that is used as its value',
    why: 'api.cache.get() gives a record; the text is its value. Taken for the text it is [object Object], or no JSON.',
    remedy: 'Read .value of what api.cache.get() gives.',
    link: 'https://auth0.com/docs/actions/reference/post-login/post-login-api-object',
  },
  in: ['action'],
  find: (code) =>
    code.tree.nodes.flatMap((node) => {
      const isText = node.type === 'TemplateLiteral' || isWholeSum(code, node)
      const used = isText
        ? textsOf(code, node).flatMap(({ holes }) => holes)
        : node.type === 'CallExpression' && isJsonParse(code, node)
          ? node.arguments.slice(0, 1)
          : []
      const record = used.some((one) =>
        pathsOf(code, one).some((path) => isPath(path, ['api', 'cache', 'get', '()'])),
      )
      return record ? [{ node, what: 'A record of the cache is used as a text.' }] : []
    }),
}

/** Not the sums within it: a long one would be read as often as it has parts. */
function isWholeSum({ tree }: Code, node: Node): boolean {
  const parent = tree.parents.get(node)
  if (node.type !== 'BinaryExpression' || node.operator !== '+') return false
  return parent?.type !== 'BinaryExpression' || parent.operator !== '+'
}

function isJsonParse(code: Code, { callee }: NodeOf<'CallExpression'>): boolean {
  return pathsOf(code, callee).some((path) => isPath(path, ['JSON', 'parse']))
}

const firstLoginByCount: Check = {
  kind: {
    id: 'first-login-by-count',
    severity: 'warning',
    title: 'First login told by the count of logins',
    why: 'The count grows before the code runs, also when the login fails after it, and not at all on single sign-on: the first login that comes this far may well be the second.',
    remedy: 'Decide by what is kept of the user: a stamp in app_metadata.',
    link: 'https://auth0.com/docs/deploy-monitor/logs/log-event-type-codes',
  },
  in: ['action', 'rule'],
  find: (code) =>
    code.tree.nodes.flatMap((node) => {
      if (node.type !== 'BinaryExpression') return []
      const sides = [node.left, node.right]
      const counts = sides.some((one) => pathsOf(code, one).some(isCount))
      const number = sides.some(
        (one) => one.type === 'Literal' && [0, 1, 2].includes(Number(one.value)),
      )
      return counts && number ? [{ node, what: 'Decides by the count of logins.' }] : []
    }),
}

function isCount(path: Path): boolean {
  return (
    isPath(path, ['event', 'stats', 'logins_count']) ||
    isPath(path, ['context', 'stats', 'loginsCount'])
  )
}

const webtaskModule: Check = {
  kind: {
    id: 'webtask-era-module',
    severity: 'note',
    title: 'Module that nobody maintains',
    why: 'request has had no release since 2020, and the modules of the Webtask platform none since it went.',
    remedy: 'Use fetch, which every runtime has.',
    link: 'https://github.com/request/request/issues/3142',
  },
  in: extensibility,
  find: (code) =>
    callsIn(code).flatMap(({ node, paths }) => {
      if (!paths.some((path) => isPath(path, ['require']))) return []
      const old = pathsOf(code, node).some(([module = '']) =>
        modules.includes(module.replace('module:', '')),
      )
      return old ? [{ node, what: 'Requires a module that nobody maintains.' }] : []
    }),
}

const modules = [
  'auth0-extension-express-tools',
  'auth0-extension-tools',
  'auth0-oauth2-express',
  'request',
  'request-promise',
  'request-promise-native',
  'webtask-tools',
]

export const actionChecks: readonly Check[] = [
  denyWithoutReturn,
  cacheRecord,
  firstLoginByCount,
  webtaskModule,
]
