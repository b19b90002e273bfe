import * as oidc from 'openid-client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addOldRules, endRules } from '../../../../servers/tenant/rules.ts'
import { assignMemberRole } from '../../../../servers/tenant/users/member-roles.ts'
import { assignRole, rolesOf } from '../../../../servers/tenant/users/roles.ts'
import { begin, redeem, tokenRequest } from '../authentication/application.ts'
import {
  action,
  addClient,
  bindActions,
  passwordRealm,
} from '../authentication/tenant-resources.ts'
import { bob, bobId, type LegacyTenant, startLegacyTenant } from './legacy-store.ts'

let under: LegacyTenant
/** By name. */
let organizations: { readonly acme: string; readonly globex: string }

beforeAll(async () => {
  under = await startLegacyTenant()
  const grant_types = ['authorization_code', 'refresh_token', passwordRealm]
  addClient(under.tenant, { client_id: 'web', grant_types, organization_usage: 'allow' })
  organizations = { acme: await organization('acme'), globex: await organization('globex') }
  for (const name of ['editor', 'admin', 'auditor']) {
    rolesOf(under.tenant).set(`rol_${name}`, { id: `rol_${name}`, name, description: '' })
  }
  assignRole(under.tenant, 'rol_editor', bobId)
  const acme = { organizationId: organizations.acme, userId: bobId }
  assignMemberRole(under.tenant, acme, 'rol_admin')
  assignMemberRole(under.tenant, acme, 'rol_auditor')
})
afterAll(() => under.close())
beforeEach(() => {
  under.logins.length = 0
  endRules(under.tenant.state)
  bindActions(under.tenant, [action('')])
})

async function organization(name: string): Promise<string> {
  const way = { connection_id: 'con_legacy', assign_membership_on_login: true }
  const response = await under.manage('POST', 'organizations', { name, enabled_connections: [way] })
  return ((await response.json()) as { readonly id: string }).id
}

const shown = () => under.logins.map(({ event }) => event.authorization?.roles)

async function logIn(parameters: Readonly<Record<string, string>>) {
  const start = await begin(under, under.web, { scope: 'openid offline_access', ...parameters })
  return redeem(under.web, start, await start.browser.submit(start.visit, bob))
}

test('event.authorization: has the names of the user’s roles, and none of those within an organization', async () => {
  const tokens = await logIn({})
  await oidc.refreshTokenGrant(under.web, tokens.refresh_token ?? '')
  const grant = { grant_type: passwordRealm, realm: 'legacy', ...bob }
  const client = { client_id: 'web', client_secret: 'secret of web' }
  expect((await tokenRequest(under, { ...client, ...grant })).status).toBe(200)
  expect(shown()).toEqual([['editor'], ['editor'], ['editor']])
})

test('event.authorization: at a login to an organization has the roles of that membership alone', async () => {
  const { acme, globex } = organizations
  const tokens = await logIn({ organization: acme })
  await oidc.refreshTokenGrant(under.web, tokens.refresh_token ?? '')
  await logIn({ organization: globex })
  const ofAcme = ['admin', 'auditor']
  expect(shown()).toEqual([ofAcme, ofAcme, []])
})

test('event.authorization: Rules have the same under context.authorization', async () => {
  const script = `function (user, context, callback) {
    context.idToken['https://claims.example/roles'] = context.authorization.roles
    callback(null, user, context)
  }`
  addOldRules(under.tenant.state, { rules: [{ name: 'roles', script }], configuration: {} })
  bindActions(under.tenant, [])
  const tokens = await logIn({ organization: organizations.acme })
  expect(tokens.claims()?.['https://claims.example/roles']).toEqual(['admin', 'auditor'])
})
