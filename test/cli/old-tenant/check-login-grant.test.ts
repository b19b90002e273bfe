import { expect, test } from 'vitest'
import { reasonOf } from '../../../cli/old-tenant/check-login-grant.ts'
import { processPasswordResponse } from '../../../core/old-tenant-login.ts'

for (const [status, body, says] of [
  [401, { error: 'requires_verification' }, /^it answered 401, as bot detection does$/],
  [403, { error: 'unauthorized_client' }, /grant type .*password-realm/],
  [401, { error: 'access_denied' }, /OLD_TENANT_CLIENT_SECRET is another’s$/],
  [403, { error: 'invalid_request', error_description: 'no connection' }, /OLD_TENANT_CONNECTION/],
  [
    400,
    // Of a connection that is no database.
    {
      error: 'invalid_request',
      error_description: 'specified strategy does not support requested operation',
    },
    /OLD_TENANT_CONNECTION/,
  ],
  [503, '<p>', /^it answered 503$/],
] as const) {
  test(`reasonOf: ${status} ${JSON.stringify(body)} is told by its cause`, () => {
    const text = JSON.stringify(body)
    const answer = processPasswordResponse({ status, body: text, contentType: 'application/json' })
    expect(reasonOf(answer, status)).toMatch(says)
  })
}
