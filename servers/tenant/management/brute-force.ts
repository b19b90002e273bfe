import type { JsonObject, Tenant } from '../state.ts'
import {
  bruteForceSettings,
  changeBruteForceSettings,
  isAddressOrRange,
} from '../users/brute-force-settings.ts'
import type { AddEndpoint } from './endpoint.ts'
import { invalidBody } from './management-error.ts'
import { type BodyShape, readBody, textsOf } from './request-body.ts'

const shape: BodyShape = {
  members: {
    allowlist: 'array',
    enabled: 'boolean',
    max_attempts: 'integer',
    mode: ['count_per_identifier', 'count_per_identifier_and_ip'],
    shields: 'array',
  },
}

/** @see https://auth0.com/docs/api/management/v2/attack-protection/patch-brute-force-protection */
export function addBruteForceEndpoints(add: AddEndpoint, tenant: Tenant): void {
  const path = '/attack-protection/brute-force-protection'
  add('GET', path, 'read:attack_protection', (c) => c.json(bruteForceSettings(tenant)))
  add('PATCH', path, 'update:attack_protection', async (c) => {
    const body = await readBody(c, shape)
    checkValues(body)
    changeBruteForceSettings(tenant, body)
    return c.json(bruteForceSettings(tenant))
  })
}

/** @throws {ManagementError} 400. */
function checkValues(body: JsonObject): void {
  const { max_attempts: most } = body
  if (typeof most === 'number' && (most < 1 || most > 100)) {
    throw invalidBody("'Value is not from 1 to 100' on property max_attempts")
  }
  for (const [position, shield] of (textsOf(body, 'shields') ?? []).entries()) {
    if (shield === 'block' || shield === 'user_notification') continue
    throw invalidBody(`'No enum match' on property shields/${position}`)
  }
  for (const [position, entry] of (textsOf(body, 'allowlist') ?? []).entries()) {
    if (isAddressOrRange(entry)) continue
    throw invalidBody(`'It is no address and no range' on property allowlist/${position}`)
  }
}
