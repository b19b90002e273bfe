import type { Json, ResourceServer } from '../state.ts'
import { checkShape, isObject, type Kind, textOf } from './request-body.ts'

type SubjectTypes = ResourceServer['subject_type_authorization']

const at = 'subject_type_authorization/'
const userPolicies = ['allow_all', 'deny_all', 'require_client_grant'] as const
const clientPolicies = ['deny_all', 'require_client_grant'] as const

/**
 * Who may have a token for an API, people (`user`) and machines (`client`); what is not said is as
 * Auth0 has it by default.
 *
 * @throws {ManagementError} 400 for a policy that there is not: machines have no `allow_all`.
 * @see https://auth0.com/docs/get-started/apis/api-access-policies-for-applications
 */
export function subjectTypesOf(given: Json | undefined): SubjectTypes {
  const types = isObject(given) ? given : {}
  checkShape(types, { members: { user: 'object', client: 'object' } }, at)
  return {
    user: { policy: policyOf(types.user, userPolicies, 'user') ?? 'allow_all' },
    client: { policy: policyOf(types.client, clientPolicies, 'client') ?? 'require_client_grant' },
  }
}

function policyOf<Policy extends string>(
  given: Json | undefined,
  policies: readonly Policy[] & Kind,
  subject: string,
): Policy | undefined {
  if (!isObject(given)) return undefined
  checkShape(given, { members: { policy: policies } }, `${at}${subject}/`)
  const policy = textOf(given, 'policy')
  return policies.find((one) => one === policy)
}
