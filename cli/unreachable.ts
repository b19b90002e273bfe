import { CommandError } from './command.ts'

/** Codes of Node and OpenSSL for a certificate that cannot be verified. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const certificateCodes =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)|HOSTNAME_MISMATCH)/

/**
 * Why a request to a tenant got no answer, in words that say what to do.
 *
 * @param what `GET api/v2/actions`: no query, no user.
 * @returns `tenant_not_verified` where the certificate is not trusted, `tenant_not_found` where there is
 *   no such host, `interrupted`, and `tenant_unreachable` for all that may pass.
 */
export function unreachable(domain: string, what: string, error: unknown): CommandError {
  if (error instanceof CommandError) return error
  const code = codeOf(error)
  const options = { cause: error }
  if (certificateCodes.test(code)) {
    const todo = 'put the authority that signed it into a file and name that in NODE_EXTRA_CA_CERTS'
    const message = `The certificate of ${domain} cannot be verified (${code}): is that the right host? Behind a proxy that opens TLS, ${todo}.`
    return new CommandError('tenant_not_verified', message, options)
  }
  if (code === 'ENOTFOUND') {
    const message = `There is no host ${domain}: look at AUTH0_DOMAIN.`
    return new CommandError('tenant_not_found', message, options)
  }
  const why = code === '' ? '' : ` (${code})`
  return new CommandError('tenant_unreachable', `${domain}: ${what} got no answer${why}.`, options)
}

function codeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as { readonly code?: unknown }
    if (typeof code === 'string') return code
    if (at.name === 'TimeoutError') return 'timeout'
  }
  return ''
}
