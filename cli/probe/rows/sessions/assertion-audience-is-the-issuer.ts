import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const assertionAudienceIsTheIssuer: Probe = {
  id: 'assertion-audience-is-the-issuer',
  assumption:
    'The `aud` of a client assertion has to be the tenant’s URL with its last slash, as text: a list of it and the URL of the token endpoint are refused.',
  async run({ api, application, grant, issuer, token }) {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const pem = publicKey.export({ format: 'pem', type: 'spki' })
    const credentials = [{ credential_type: 'public_key', alg: 'RS256', pem }]
    const machine = await application({
      token_endpoint_auth_method: undefined,
      client_authentication_methods: { private_key_jwt: { credentials } },
    })
    const audience = await api()
    await grant(machine, audience, ['read:things'])
    const ask = async (aud: string | string[]) =>
      token(machine, {
        grant_type: 'client_credentials',
        audience,
        client_secret: undefined,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await assertionOf(machine.client_id, aud, privateKey),
      })
    const text = await ask(issuer)
    if (text.error !== null) return expectThat(false, `with the tenant’s URL ${outcomeOf(text)}`)
    const others = [await ask([issuer]), await ask(`${issuer}oauth/token`)]
    return expectThat(
      others.every(({ error }) => error !== null),
      others.map(outcomeOf).join('; '),
    )
  },
}

function assertionOf(id: string, aud: string | string[], key: KeyObject): Promise<string> {
  const claims = { iss: id, sub: id, aud, jti: randomUUID() }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(key)
}
