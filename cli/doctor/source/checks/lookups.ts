import { callsIn, methodOf } from '../code/calls.ts'
import type { Code } from '../code/code.ts'
import { nameOf } from '../code/declarations.ts'
import { pathsOf } from '../code/paths.ts'
import { requestsOf } from '../code/requests.ts'
import { textsOf } from '../code/texts.ts'
import { bare, type Node } from '../code/tree.ts'
import { type Check, extensibility, migrationScripts } from './check.ts'

const deletesInLogin: Check = {
  kind: {
    id: 'delete-in-login',
    severity: 'error',
    title: 'User deleted from the store in the course of a login',
    why: 'Auth0 makes the user after the script has answered. When that fails, or the login is given up, the user is nowhere.',
    remedy: 'Delete in a process of its own, once the user is seen in Auth0.',
    link: 'https://auth0.com/docs/manage-users/user-migration/configure-automatic-migration-from-your-database',
  },
  in: migrationScripts,
  find: (code) => [
    ...callsIn(code)
      .filter(({ node }) => {
        const [first] = node.arguments
        return (
          first !== undefined &&
          textsOf(code, first).some(({ text }) => /^\s*delete\s+from\s/i.test(text))
        )
      })
      .map(({ node }) => ({ node, what: 'Deletes a row.' })),
    ...callsIn(code)
      .filter(({ node }) => deletes.includes(methodOf(node) ?? ''))
      .map(({ node }) => ({ node, what: 'Deletes a document.' })),
    ...requestsOf(code)
      .filter(({ method }) => method === 'DELETE')
      .map(({ node }) => ({ node, what: 'Sends DELETE.' })),
  ],
}

/** Of the drivers and mappers of MongoDB. */
const deletes = ['deleteMany', 'deleteOne', 'findByIdAndDelete', 'findOneAndDelete']

const emailInAddress: Check = {
  kind: {
    id: 'email-in-address',
    severity: 'note',
    title: 'E-mail address in the address of a request',
    why: 'Addresses are in the logs of every proxy and server on the way.',
    remedy: 'Send it in the body of a POST, or ask by the id of the user.',
    link: 'https://owasp.org/www-community/vulnerabilities/Information_exposure_through_query_strings_in_url',
  },
  in: extensibility,
  find: (code) =>
    requestsOf(code)
      .filter(({ to }) =>
        to.some(({ address, text }) => {
          // Auth0 has no other way to ask for a user by e-mail.
          if (/\/api\/v2\//.test(address.path)) return false
          return text.holes.some((one) => isEmail(code, one))
        }),
      )
      .map(({ node }) => ({ node, what: 'An e-mail address is part of the address.' })),
}

function isEmail(code: Code, node: Node): boolean {
  const value = bare(node)
  const inner = value.type === 'CallExpression' ? value.arguments[0] : undefined
  if (
    inner !== undefined &&
    nameOf(bare((value as { callee: Node }).callee)) === 'encodeURIComponent'
  ) {
    return isEmail(code, inner)
  }
  return pathsOf(code, value).some((path) =>
    ['email', 'event user email', 'user email'].includes(
      path.join(' ').replace(/( (toLowerCase|trim) \(\))+$/, ''),
    ),
  )
}

export const lookupChecks: readonly Check[] = [deletesInLogin, emailInAddress]
