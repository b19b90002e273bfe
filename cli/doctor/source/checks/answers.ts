import { type Answer, answersOf, guardsOf, saysOutage } from '../code/answers.ts'
import type { Code } from '../code/code.ts'
import { pathsOf } from '../code/paths.ts'
import { type Node, within } from '../code/tree.ts'
import { type Check, migrationScripts } from './check.ts'

const errorDocs =
  'https://auth0.com/docs/authenticate/database-connections/custom-db/error-handling'

const outageAsRefusal: Check = {
  kind: {
    id: 'outage-as-refusal',
    severity: 'error',
    title: 'Failure of the store that reads as an answer of the store',
    why: 'When the store is down, login says that the password is wrong, and get_user that nobody has the address: whoever likes may sign up with it.',
    remedy:
      'Answer with an Error for whatever is not an answer; say wrong password for 401 and nobody for 404 only.',
    link: errorDocs,
  },
  in: migrationScripts,
  find: (code) => {
    const answers = answersOf(code)
    if (answers.some((one) => one.type === 'error' && isStatusHandled(code, one))) return []
    return answers
      .filter(({ type }) => type === 'nobody' || type === 'wrong-password')
      .filter(({ node }) => {
        const { guards, caught } = guardsOf(code, node)
        return guards.some((one) => saysOutage(code, one)) || (caught && guards.length === 0)
      })
      .map(({ node, type }) => ({
        node,
        what: `A failure is answered ${type === 'nobody' ? 'as if there were no such user' : 'as a wrong password'}.`,
      }))
  },
}

/** Where some statuses are an Error already, the rest may well be answers. */
function isStatusHandled(code: Code, { node }: Answer): boolean {
  return guardsOf(code, node).guards.some(({ test }) =>
    [...within(test, false)].some((one) =>
      pathsOf(code, one).some((path) => ['ok', 'status', 'statusCode'].includes(path.at(-1) ?? '')),
    ),
  )
}

const silentRefusal: Check = {
  kind: {
    id: 'refusal-without-error',
    severity: 'warning',
    title: 'Wrong password that is no WrongUsernameOrPasswordError',
    why: 'The tenant log then has neither fp nor fu for the attempt, and protection against brute force has less to go by.',
    remedy: 'Answer with new WrongUsernameOrPasswordError(identifier, message).',
    link: errorDocs,
  },
  in: ['login'],
  find: (code) => {
    const answers = answersOf(code)
    if (!answers.some(({ type }) => type === 'profile')) return []
    return answers
      .filter(({ type }) => type === 'nobody')
      .map(({ node }) => ({ node, what: 'A login is refused without an error.' }))
  },
}

const notFoundAsError: Check = {
  kind: {
    id: 'not-found-as-error',
    severity: 'error',
    title: 'User who is not found, told as an error',
    why: 'With import mode on, Auth0 asks get_user before every sign-up: an error for an address that nobody has keeps everybody from signing up.',
    remedy: 'Answer callback(null) where the store has no such user.',
    link: 'https://auth0.com/docs/authenticate/database-connections/custom-db/templates/get-user',
  },
  in: ['get_user'],
  find: (code) =>
    answersOf(code)
      .filter(({ type }) => type === 'error' || type === 'wrong-password')
      .filter(({ node }) =>
        guardsOf(code, node)
          .guards.slice(0, 1)
          .some((one) => one.truth && isNone(code, one.test)),
      )
      .map(({ node }) => ({ node, what: 'No user is answered as an error.' })),
}

/** `rows.length === 0`, `!rows.length`, `!rows[0]`, `status === 404`. */
function isNone(code: Code, test: Node): boolean {
  const ends = (node: Node, ...keys: string[]) =>
    pathsOf(code, node).some((path) => path.includes('()') && keys.includes(path.at(-1) ?? ''))
  if (test.type === 'UnaryExpression' && test.operator === '!')
    return ends(test.argument, '0', 'length')
  if (test.type !== 'BinaryExpression' || test.right.type !== 'Literal') return false
  const { value } = test.right
  if (['==', '==='].includes(test.operator)) {
    return (
      (value === 0 && ends(test.left, 'length')) ||
      (value === 404 && ends(test.left, 'status', 'statusCode'))
    )
  }
  return test.operator === '<' && value === 1 && ends(test.left, 'length')
}

export const answerChecks: readonly Check[] = [outageAsRefusal, silentRefusal, notFoundAsError]
