import { expect, test } from 'vitest'
import { createCredentialsExchangeEvent } from '../../actions-testing/credentials-exchange-event.ts'
import { createPostLoginEvent } from '../../actions-testing/event.ts'
import type { Event as ExchangeEvent } from '../../actions-testing/types/credentials-exchange/v2.ts'
import type { Event as LoginEvent } from '../../actions-testing/types/post-login/v3.ts'

type Names<Text extends string> = Text extends `${infer One} ${infer Rest}`
  ? One | Names<Rest>
  : Text

/** Members of an event, and of each its own; of a dictionary there are none to name. */
type Members<Event> = {
  readonly [Name in keyof Event]-?: string extends keyof NonNullable<Event[Name]>
    ? '*'
    : keyof NonNullable<Event[Name]> & string
}

type Documented<List> = { readonly [Name in keyof List]: Names<List[Name] & string> }

/** True where the types have the members of the list and no other; else it does not compile. */
type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : never) : never

// https://auth0.com/docs/actions/reference/post-login/post-login-event-object
const login = {
  agent: 'agent_id agent_metadata name',
  authentication: 'methods riskAssessment',
  authorization: 'roles',
  client: 'client_id metadata name refresh_token',
  connection: 'id metadata name strategy',
  custom_domain: 'domain domain_metadata',
  organization: 'id display_name metadata name',
  prompt: 'id fields vars',
  refresh_token:
    'id client_id created_at device expires_at idle_expires_at last_exchanged_at metadata resource_servers rotating session_id session_transfer user_id',
  request: 'asn body geoip hostname ip language method query user_agent',
  resource_server: 'identifier',
  secrets: '*',
  security_context: 'ja3 ja4',
  session:
    'id actor authenticated_at clients cookie created_at device expires_at idle_expires_at last_interacted_at metadata session_transfer updated_at user_id',
  session_transfer_token: 'client_id request scope',
  stats: 'logins_count',
  tenant: 'id',
  transaction:
    'id acr_values actor actor_token_type correlation_id linking_id locale login_hint metadata prompt protocol redirect_uri requested_authorization_details requested_scopes response_mode response_type state subject_token_type target_scopes ui_locales',
  user: 'app_metadata created_at email email_verified enrolledFactors family_name given_name identities last_password_reset multifactor name nickname phone_number phone_verified picture updated_at user_id user_metadata username',
} as const
const loginIsDocumented: Same<Members<LoginEvent>, Documented<typeof login>> = true

// https://auth0.com/docs/actions/reference/credentials-exchange/credentials-exchange-event-object
const exchange = {
  accessToken: 'customClaims scope',
  agent: 'agent_id agent_metadata name',
  client: 'client_id metadata name',
  custom_domain: 'domain domain_metadata',
  organization: 'id display_name metadata name',
  request: 'body geoip hostname ip language method user_agent',
  resource_server: 'identifier',
  secrets: '*',
  tenant: 'id',
  transaction: 'correlation_id requested_scopes target_scopes',
} as const
const exchangeIsDocumented: Same<Members<ExchangeEvent>, Documented<typeof exchange>> = true

/** What of an event no page documents: `user.colour`. */
function undocumented(event: object, documented: Readonly<Record<string, string>>): string[] {
  return Object.entries(event).flatMap(([name, member]) => {
    const names = documented[name]?.split(' ')
    if (names === undefined) return [name]
    if (names.includes('*')) return []
    return Object.keys(member)
      .filter((own) => !names.includes(own))
      .map((own) => `${name}.${own}`)
  })
}

test('event: the types have every documented member and no other, and so have the samples', () => {
  expect([loginIsDocumented, exchangeIsDocumented]).toEqual([true, true])
  for (let seed = 1; seed <= 50; seed += 1) {
    expect(undocumented(createPostLoginEvent({}, { seed }), login)).toEqual([])
    expect(undocumented(createCredentialsExchangeEvent({}, { seed }), exchange)).toEqual([])
  }
  // What the page says is always there.
  const always = ['secrets', 'client', 'connection', 'request', 'stats', 'tenant', 'user']
  expect(Object.keys(createPostLoginEvent())).toEqual(expect.arrayContaining(always))
})
