import { Hono } from 'hono'
import { limitBody } from '../limit-body.ts'
import type { Tenant } from '../state.ts'
import { addActionVersionEndpoints } from './action-versions.ts'
import { addActionEndpoints } from './actions.ts'
import { addBindingEndpoints } from './bindings.ts'
import { addClientGrantEndpoints } from './client-grants.ts'
import { addClientEndpoints } from './clients.ts'
import { addClientCredentialEndpoints } from './clients-credentials.ts'
import { type ConfigurationCipher, createConfigurationCipher } from './configuration-cipher.ts'
import { addConnectionEndpoints } from './connections.ts'
import { addEmailEndpoints } from './emails.ts'
import { endpointsOf } from './endpoint.ts'
import { addLogEndpoints } from './logs.ts'
import { answerError, ManagementError } from './management-error.ts'
import { addReadOnlyEndpoints } from './read-only.ts'
import { addResourceServerEndpoints } from './resource-servers.ts'
import { addRuleEndpoints } from './rules.ts'
import { addTenantSettingsEndpoints } from './tenant-settings.ts'

export interface ManagementOptions {
  /** Milliseconds that the build of an Action takes. */
  readonly buildTime: number
  /** What `configuration` of databases is shown encrypted with. Default: a key of its own. */
  readonly cipher?: ConfigurationCipher
}

/** Bytes. Auth0 says 1 megabyte; read as decimal, the smaller. */
// https://auth0.com/docs/api/management/v2
const largestBody = 1_000_000

/**
 * The Management API but for users; to be mounted at `/api/v2`.
 *
 * @see https://auth0.com/docs/api/management/v2
 */
export function managementApi(
  tenant: Tenant,
  { buildTime, cipher = createConfigurationCipher() }: ManagementOptions,
): Hono {
  const api = new Hono()
  const add = endpointsOf(api, tenant, limitBody(largestBody, refuseBody))
  addActionEndpoints(add, { tenant, buildTime })
  addActionVersionEndpoints(add, { tenant, buildTime })
  addBindingEndpoints(add, { tenant, buildTime })
  addConnectionEndpoints(add, tenant, cipher)
  addClientEndpoints(add, tenant)
  addClientCredentialEndpoints(add, tenant)
  addClientGrantEndpoints(add, tenant)
  addResourceServerEndpoints(add, tenant)
  addTenantSettingsEndpoints(add, tenant)
  addRuleEndpoints(add, tenant)
  addEmailEndpoints(add, tenant)
  addLogEndpoints(add, tenant)
  addReadOnlyEndpoints(add)
  api.onError(answerError)
  return api
}

function refuseBody(): never {
  throw new ManagementError(413, 'The body is too large.', 'payload_too_large')
}
