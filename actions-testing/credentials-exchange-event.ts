import { deepMerge, type Overrides } from './deep-merge.ts'
import { defaultSeed, type EventOptions, rememberSeed } from './event.ts'
import { randomId, randomInteger, seededRandom } from './seeded-random.ts'
import type { Event } from './types/credentials-exchange/v2.ts'

/**
 * The event of one client credentials exchange, as Auth0 sends it: a machine-to-machine application
 * that is granted `read:reports` of one API and asks for it. Fresh objects at each call.
 *
 * @param overrides Laid over it, member by member; `undefined` takes a member out.
 */
export function createCredentialsExchangeEvent(
  overrides: Overrides<Event> = {},
  { seed = defaultSeed }: Pick<EventOptions, 'seed'> = {},
): Event {
  const random = seededRandom(seed)
  const clientId = randomId(random, 32)
  const audience = 'https://api.example.com/'
  const scope = 'read:reports'
  const base: Event = {
    accessToken: { customClaims: {}, scope: [scope] },
    client: { client_id: clientId, metadata: {}, name: 'Sample machine' },
    request: {
      // Without `client_secret`, which Auth0 takes out.
      body: { audience, client_id: clientId, grant_type: 'client_credentials', scope },
      geoip: { continentCode: 'EU', countryCode: 'DE', countryName: 'Germany' },
      hostname: 'example-tenant.eu.auth0.com',
      // https://www.rfc-editor.org/rfc/rfc5737: an address of nobody.
      ip: `203.0.113.${randomInteger(random, 1, 254)}`,
      method: 'POST',
      user_agent: 'undici',
    },
    resource_server: { identifier: audience },
    secrets: {},
    tenant: { id: 'example-tenant' },
    transaction: { requested_scopes: [scope], target_scopes: [scope] },
  }
  return rememberSeed(deepMerge<Event>(base, overrides), seed)
}
