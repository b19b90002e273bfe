import { migrationNamed } from '../../migrations/find-migration.ts'
import { callsIn } from '../code/calls.ts'
import type { Code } from '../code/code.ts'
import { isPath, pathsOf } from '../code/paths.ts'
import { textOf } from '../code/texts.ts'
import type { Node } from '../code/tree.ts'
import { keyOf } from '../code/values.ts'
import type { Check } from './check.ts'

/** https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims#restricted-claims */
const restricted = new Set(
  `acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf
  cty dest entitlements events exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk kid
  may_act mky nbf nonce object_id org_id org_name orig origid permissions roles rph s_hash sid
  sip_callid sip_cseq_num sip_date sip_from_tag sip_via_branch sub sub_jwk toe txn typ uuid vot vtm
  x5t#S256`.split(/\s+/),
)

export const droppedClaim: Check = {
  kind: migrationNamed('legacy-custom-claims'),
  in: ['action', 'rule'],
  find: (code) =>
    code.kind === 'action' ? setByAction(code).map(sighting) : setByRule(code).map(sighting),
}

function sighting(node: Node) {
  return { node, what: 'Sets a claim by a name that Auth0 drops without a word.' }
}

function setByAction(code: Code): readonly Node[] {
  return callsIn(code).flatMap(({ node, paths }) => {
    const [name] = node.arguments
    const sets = paths.some((path) => isPath(path, ['api', '*', 'setCustomClaim']))
    return sets && name !== undefined && isDropped(textOf(code, name)) ? [node] : []
  })
}

function setByRule(code: Code): readonly Node[] {
  return code.tree.nodes.filter((node) => {
    if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return false
    const token = pathsOf(code, node.left.object).some((path) =>
      /^context (idToken|accessToken)$/.test(path.join(' ')),
    )
    return token && isDropped(keyOf(code, node.left))
  })
}

function isDropped(name: string | null): boolean {
  if (name === null) return false
  return (
    restricted.has(name) ||
    /^\$|^urn:auth0(:|$)|^https?:\/\/([^/]+\.)?(auth0\.com|webtask\.(io|run))(\/|$)/i.test(name)
  )
}
