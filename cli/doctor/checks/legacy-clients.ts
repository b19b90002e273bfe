import { hasKeyword } from '../tenant/keywords.ts'
import { textAt, textsAt } from '../tenant/shape.ts'
import type { Resource, TenantView } from '../tenant/tenant-view.ts'
import { type Check, type CheckSettings, each, type Seen, type Unseen } from './check.ts'
import {
  clientNamed,
  grantedScopes,
  isForPeople,
  isOfContract,
  legacyGrants,
} from './legacy-api.ts'

const link =
  'https://auth0.com/docs/get-started/applications/application-access-to-apis-client-grants'

/** What the three of the contract need, each on its own: Actions, scripts, operators. */
const needs = [
  ['read:legacy_users', 'update:legacy_users'],
  ['authenticate:legacy_users', 'read:legacy_users'],
  ['export:legacy_users', 'read:legacy_users', 'unmark:legacy_users'],
] as const

/** By the names that the kit gives. */
const needed: Readonly<Record<string, readonly string[]>> = {
  'Legacy Migration Actions': needs[0],
  'Legacy Migration Scripts': needs[1],
}

/** The machines that may ask the legacy API, and no more than they need. */
export const legacyClientChecks: readonly Check[] = [
  {
    kind: {
      id: 'legacy-client-excess-scopes',
      severity: 'error',
      title: 'Client of the legacy API with scopes that it does not need',
      why: 'Every Action of a trigger can read api.cache, and so the token of the kit’s Actions: with authenticate it could try passwords, with export read everybody. Hence one client for the Actions, one for the scripts, one for operators.',
      remedy:
        'Grant read and update to the client of the Actions, authenticate and read to that of the scripts, unmark and export to operators, and nothing else.',
      link,
    },
    reads: ['clientGrants'],
    *find(view, settings) {
      for (const grant of machineGrants(view, settings)) {
        const scopes = grantedScopes(grant)
        const of = textAt(grant.value, 'client_id') ?? ''
        if (grant.value.allow_all_scopes === true) {
          yield { what: 'It has every scope of the API.', where: grant.place('allow_all_scopes') }
        } else if (!scopes.every(isOfContract)) {
          const because = 'the scopes of this API are not those of the contract'
          yield { because, where: grant.place('scope') }
        } else {
          yield* excess(grant, scopes, needed[clientNamed(view, of)?.name ?? of])
        }
      }
    },
  },
  {
    kind: {
      id: 'legacy-client-missing-scopes',
      severity: 'error',
      title: 'Client of the legacy API without a scope that it needs',
      why: 'The legacy API refuses what the Action or the script asks: metadata stay lost, users unmarked, or nobody can log in for the first time.',
      remedy: 'Grant the scope.',
      link,
    },
    reads: ['clientGrants'],
    *find(view, settings) {
      for (const grant of machineGrants(view, settings)) {
        const of = textAt(grant.value, 'client_id') ?? ''
        const wanted = needed[clientNamed(view, of)?.name ?? of] ?? []
        const missing = wanted.filter((scope) => !grantedScopes(grant).includes(scope))
        if (missing.length === 0 || grant.value.allow_all_scopes === true) continue
        yield { what: `It lacks ${missing.join(' and ')}.`, where: grant.place('scope') }
      }
    },
  },
  {
    kind: {
      id: 'legacy-client-for-logins',
      severity: 'warning',
      title: 'Client of the legacy API that people can log in with',
      why: 'A client that is in a browser, on a phone or behind a login page is known to people: its secret opens the legacy API.',
      remedy:
        'Have a machine-to-machine client of its own: grant_types is client_credentials alone.',
      link: 'https://auth0.com/docs/get-started/applications/application-grant-types',
    },
    reads: ['clientGrants', 'clients'],
    *find(view, settings) {
      for (const grant of machineGrants(view, settings)) {
        const client = clientNamed(view, textAt(grant.value, 'client_id') ?? '')
        const others = textsAt(client?.value, 'grant_types').filter(
          (type) => type !== 'client_credentials',
        )
        if (client === undefined || others.length === 0) continue
        yield { what: `It may use ${others.join(', ')} too.`, where: client.place('grant_types') }
      }
    },
  },
  {
    kind: {
      id: 'legacy-client-manages-tenant',
      severity: 'warning',
      title: 'Client of the legacy API that may use the Management API',
      why: 'What reads the token request of an Action or a script would have the tenant too.',
      remedy: 'Take the grant for the Management API away, and have another client for that work.',
      link,
    },
    ...each('clientGrants', function* ({ value, place }, settings, view) {
      if (textAt(value, 'audience')?.endsWith('/api/v2/') !== true) return
      const has = machineGrants(view, settings).some(
        (grant) => textAt(grant.value, 'client_id') === textAt(value, 'client_id'),
      )
      if (has)
        yield { what: 'The same client has a grant of the legacy API.', where: place('audience') }
    }),
  },
]

function* excess(
  grant: Resource,
  scopes: readonly string[],
  wanted: readonly string[] | undefined,
): Generator<Seen | Unseen> {
  const fits = (list: readonly string[]) => scopes.every((scope) => list.includes(scope))
  if (wanted === undefined ? needs.some(fits) : fits(wanted)) return
  const more = wanted === undefined ? [] : scopes.filter((scope) => !wanted.includes(scope))
  const what =
    more.length > 0
      ? `It does not need ${more.join(' and ')}.`
      : `It has ${scopes.join(', ')} together.`
  yield { what, where: grant.place('scope') }
}

function machineGrants(view: TenantView, settings: CheckSettings): readonly Resource[] {
  return legacyGrants(view, settings).filter(
    (grant) => !isForPeople(grant) && !hasKeyword(grant.value.scope),
  )
}
