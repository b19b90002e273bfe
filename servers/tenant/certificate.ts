import { randomBytes } from 'node:crypto'
import { generate } from 'selfsigned'

/** For TLS on loopback. */
export interface Certificate {
  /** PEM. */
  readonly privateKey: string
  /** The certificate. It is its own authority: whoever trusts it, trusts the server. */
  readonly pem: string
}

/** Milliseconds: a certificate that is found later on some disk is of no use to anybody. */
const lifetime = 7 * 86_400_000

/** @param now Milliseconds since the epoch. */
export async function createCertificate(now: number): Promise<Certificate> {
  // OpenSSL finds an authority by its name: of two tenants with one name only the first is trusted.
  const name = `stand-in tenant ${randomBytes(8).toString('hex')} on 127.0.0.1`
  const { private: privateKey, cert } = await generate([{ name: 'commonName', value: name }], {
    algorithm: 'sha256',
    keyType: 'ec',
    curve: 'P-256',
    // A day of grace for clocks that do not agree.
    notBeforeDate: new Date(now - 86_400_000),
    notAfterDate: new Date(now + lifetime),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  })
  return { privateKey, pem: cert }
}
