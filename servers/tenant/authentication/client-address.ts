import { isIP } from 'node:net'
import type { Context } from 'hono'
import type { Client } from '../state.ts'
import { isPublic } from './authenticate-client.ts'

/**
 * The address that a login comes from: of the socket, under @hono/node-server, and loopback where
 * there is no socket. An application that proves who it is, and is trusted with it, tells its
 * user's address in `auth0-forwarded-for`.
 *
 * @param client Of a token request.
 * @see https://auth0.com/docs/get-started/authentication-and-authorization-flow/resource-owner-password-flow/avoid-common-issues-with-resource-owner-password-flow-and-attack-protection
 */
export function clientAddress(c: Context, client?: Client): string {
  const told = c.req.header('auth0-forwarded-for')
  if (client !== undefined && told !== undefined && isIP(told) !== 0 && isTrusted(client)) {
    return told
  }
  const env: { incoming?: { socket?: { remoteAddress?: string } } } = c.env ?? {}
  return env.incoming?.socket?.remoteAddress ?? '127.0.0.1'
}

function isTrusted(client: Client): boolean {
  return client.is_token_endpoint_ip_header_trusted === true && !isPublic(client)
}
