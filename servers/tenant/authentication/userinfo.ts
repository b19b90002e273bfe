import type { Context } from 'hono'
import { bearerToken, verifyAccessToken } from '../access-tokens.ts'
import type { Tenant } from '../state.ts'
import { userinfoAudience } from './api-access.ts'
import type { UserinfoGrant } from './login-state.ts'
import { digest } from './secrets.ts'
import { userClaims } from './user-claims.ts'

/** GET and POST /userinfo. */
export async function userinfo(c: Context, tenant: Tenant): Promise<Response> {
  const token = bearerToken(c.req.header('authorization'))
  const grant = token === null ? undefined : await grantOf(tenant, token)
  const user = grant === undefined ? undefined : tenant.state.users.get(grant.userId)
  if (grant === undefined || user === undefined || user.profile.blocked === true) {
    const challenge = token === null ? 'Bearer' : 'Bearer error="invalid_token"'
    return c.json({ error: 'invalid_token', error_description: 'Unauthorized' }, 401, {
      'www-authenticate': challenge,
    })
  }
  if (!grant.scopes.includes('openid')) {
    const body = { error: 'insufficient_scope', error_description: 'The scope openid is missing.' }
    return c.json(body, 403, { 'www-authenticate': 'Bearer error="insufficient_scope"' })
  }
  const claims = userClaims(user, grant.scopes)
  return c.json({ ...claims, ...grant.idTokenClaims, sub: grant.userId }, 200, {
    'cache-control': 'no-store',
  })
}

/** A JWT is good only by its signature, and then by what the tenant remembers of it. */
async function grantOf(tenant: Tenant, token: string): Promise<UserinfoGrant | undefined> {
  const { userinfoGrants } = tenant.activity
  if (!token.includes('.')) {
    const grant = userinfoGrants.get(digest(token))
    return grant !== undefined && tenant.now() < grant.expiresAt ? grant : undefined
  }
  const claims = await verifyAccessToken(tenant, token, userinfoAudience(tenant))
  return claims?.jti === undefined ? undefined : userinfoGrants.get(claims.jti)
}
