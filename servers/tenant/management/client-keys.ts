import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'
import { type ClientCredential, clientCredentialsOf } from '../client-credentials.ts'
import type { JsonObject, Tenant } from '../state.ts'
import { newIdentifier } from './identifiers.ts'
import { invalidBody } from './management-error.ts'
import { type BodyShape, textOf } from './request-body.ts'

/** An application. https://auth0.com/docs/get-started/applications/credentials */
const maxCredentials = 2

/** Bits. */
const leastModulus = 2_048

/** Public keys alone: certificates for mTLS are not modelled. */
export const credentialShape: BodyShape = {
  members: {
    alg: ['PS256', 'RS256', 'RS384'],
    credential_type: ['public_key'],
    expires_at: 'string',
    kid: 'string',
    name: 'string',
    parse_expiry_from_cert: 'boolean',
    pem: 'string',
  },
  required: ['credential_type', 'pem'],
}

/** @throws {ManagementError} 400, naming the member and quoting nothing of the key. */
export async function addCredential(
  tenant: Tenant,
  clientId: string,
  body: JsonObject,
): Promise<ClientCredential> {
  const key = publicKey(textOf(body, 'pem') ?? '')
  const jwk = key.export({ format: 'jwk' }) as JsonObject
  const thumbprint = await calculateJwkThumbprint(jwk)
  const credentials = clientCredentialsOf(tenant)
  const own = [...credentials.values()].filter(({ client_id }) => client_id === clientId)
  if (own.length >= maxCredentials) {
    throw invalidBody(`'An application has at most ${maxCredentials} credentials'`)
  }
  const now = new Date(tenant.now()).toISOString()
  const credential: ClientCredential = {
    id: `cred_${newIdentifier(22)}`,
    client_id: clientId,
    name: textOf(body, 'name') ?? '',
    kid: kidOf(body) ?? thumbprint,
    alg: (body.alg ?? 'RS256') as ClientCredential['alg'],
    credential_type: 'public_key',
    public_key: jwk,
    ...expiryOf(body, tenant),
    created_at: now,
    updated_at: now,
  }
  credentials.set(credential.id, credential)
  return credential
}

function publicKey(pem: string): KeyObject {
  // Node would take the public half of a private key without a word.
  if (pem.includes('PRIVATE KEY'))
    throw invalidBody("'A private key is nobody's but yours' on property pem")
  try {
    const key = pem.includes('CERTIFICATE')
      ? new X509Certificate(pem).publicKey
      : createPublicKey(pem)
    const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
    if (key.asymmetricKeyType === 'rsa' && modulusLength >= leastModulus) return key
  } catch {
    // Its message may quote the text.
  }
  throw invalidBody(`'Expected an RSA public key of ${leastModulus} bits or more' on property pem`)
}

/** @throws {ManagementError} 400. */
export function expiryOf({ expires_at, parse_expiry_from_cert, pem }: JsonObject, tenant: Tenant) {
  if (parse_expiry_from_cert === true) return certificateExpiry(String(pem), expires_at)
  if (typeof expires_at !== 'string') return {}
  const time = Date.parse(expires_at)
  if (time > tenant.now()) return { expires_at: new Date(time).toISOString() }
  throw invalidBody("'Expected a date to come' on property expires_at")
}

function certificateExpiry(pem: string, expiresAt: unknown) {
  if (expiresAt !== undefined || !pem.includes('CERTIFICATE')) {
    throw invalidBody(
      "'Only of a certificate, and without expires_at' on property parse_expiry_from_cert",
    )
  }
  return { expires_at: new X509Certificate(pem).validToDate.toISOString() }
}

function kidOf(body: JsonObject): string | undefined {
  const kid = textOf(body, 'kid')
  if (kid === undefined || /^[0-9a-zA-Z_-]{10,64}$/.test(kid)) return kid
  throw invalidBody("'String does not match pattern' on property kid")
}
