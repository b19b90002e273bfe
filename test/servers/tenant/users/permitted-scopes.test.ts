import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { assignMemberRole } from '../../../../servers/tenant/users/member-roles.ts'
import { addPermission, endPermissions } from '../../../../servers/tenant/users/permissions.ts'
import { assignRole, removeRole, rolesOf } from '../../../../servers/tenant/users/roles.ts'
import { begin, redeem } from '../authentication/application.ts'
import { action, addApi, addClient, bindActions } from '../authentication/tenant-resources.ts'
import { bob, bobId, type LegacyTenant, startLegacyTenant } from './legacy-store.ts'

const books = 'https://books.example/'
const scope = 'openid offline_access read:books lend:books'

let under: LegacyTenant

beforeAll(async () => {
  under = await startLegacyTenant()
  const { tenant } = under
  const grant_types = ['authorization_code', 'refresh_token']
  addClient(tenant, { client_id: 'web', grant_types, organization_usage: 'allow' })
  for (const id of ['rol_reader', 'rol_librarian']) {
    rolesOf(tenant).set(id, { id, name: id, description: '' })
  }
  permit({ role_id: 'rol_reader' }, 'read:books')
  permit({ role_id: 'rol_librarian' }, 'lend:books')
})
afterAll(() => under.close())

beforeEach(() => {
  under.tenant.state.users.clear()
  bindActions(under.tenant, [action('')])
  endPermissions(under.tenant, ({ user_id }) => user_id === bobId)
  removeRole(under.tenant, 'rol_librarian', bobId)
  assignRole(under.tenant, 'rol_reader', bobId)
  enforcing({ enforce_policies: true, token_dialect: 'access_token_authz' })
})

function enforcing(settings: Parameters<typeof addApi>[2]): void {
  const names = ['read:books', 'lend:books', 'burn:books']
  addApi(under.tenant, books, { scopes: names.map((value) => ({ value })), ...settings })
}

function permit(holder: Parameters<typeof addPermission>[1], permission_name: string): void {
  addPermission(under.tenant, holder, { resource_server_identifier: books, permission_name })
}

async function logIn(parameters: Readonly<Record<string, string>> = {}) {
  const start = await begin(under, under.web, { audience: books, scope, ...parameters })
  return redeem(under.web, start, await start.browser.submit(start.visit, bob))
}

const granted = ({ access_token }: { readonly access_token: string }) => {
  const { permissions, scope } = decodeJwt(access_token)
  return { permissions, scope }
}

test('RBAC: a person gets of what is asked what the roles permit, and all that they permit as permissions', async () => {
  const readOnly = { permissions: ['read:books'], scope: 'openid read:books offline_access' }
  const tokens = await logIn()
  expect(granted(tokens).permissions).toEqual(readOnly.permissions)
  expect(new Set(String(granted(tokens).scope).split(' '))).toEqual(
    new Set(readOnly.scope.split(' ')),
  )
  assignRole(under.tenant, 'rol_librarian', bobId)
  expect(granted(await logIn({ scope: 'openid read:books' }))).toEqual({
    permissions: ['read:books', 'lend:books'],
    scope: 'openid read:books',
  })
})

test('RBAC: an API that does not enforce permissions leaves every scope', async () => {
  enforcing({ enforce_policies: false })
  expect(granted(await logIn({ scope: 'openid lend:books burn:books' })).scope).toBe(
    'openid lend:books burn:books',
  )
})

test('RBAC: a role that is taken away takes its scopes and permissions at the next refresh', async () => {
  const { refresh_token } = await logIn()
  removeRole(under.tenant, 'rol_reader', bobId)
  const tokens = await oidc.refreshTokenGrant(under.web, refresh_token ?? '')
  expect(granted(tokens)).toEqual({ permissions: [], scope: 'openid offline_access' })
})

test('RBAC: at a login to an organization the membership’s roles permit, and no other', async () => {
  const way = { connection_id: 'con_legacy', assign_membership_on_login: true }
  const made = await under.manage('POST', 'organizations', {
    ...{ name: 'acme', enabled_connections: [way] },
  })
  const { id } = (await made.json()) as { readonly id: string }
  permit({ user_id: bobId }, 'burn:books')
  const wish = { scope: 'openid read:books lend:books burn:books' }
  expect(granted(await logIn({ ...wish, organization: id }))).toEqual({
    permissions: [],
    scope: 'openid',
  })
  assignMemberRole(under.tenant, { organizationId: id, userId: bobId }, 'rol_librarian')
  expect(granted(await logIn({ ...wish, organization: id }))).toEqual({
    permissions: ['lend:books'],
    scope: 'openid lend:books',
  })
  expect(granted(await logIn(wish)).permissions).toEqual(['read:books', 'burn:books'])
})

test('RBAC: a scope that an Action adds overrides the roles, and one that it takes is taken', async () => {
  bindActions(under.tenant, [
    action(`api.accessToken.addScope('burn:books'); api.accessToken.removeScope('read:books')`),
  ])
  const tokens = granted(await logIn({ scope: 'openid read:books lend:books' }))
  expect(tokens).toEqual({ permissions: ['read:books'], scope: 'openid burn:books' })
})
