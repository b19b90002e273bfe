import { LegacyApiError } from './errors.ts'

export interface Settings {
  readonly databaseUrl?: string
  readonly dataDir?: string
  readonly issuer: string
  readonly audience: string
  readonly jwksUrl: URL
  readonly port: number
}

/** @throws {LegacyApiError} `setting_missing` or `setting_invalid`, naming the variable, not its value. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const issuer = required(env, 'TENANT_ISSUER')
  return {
    issuer,
    jwksUrl: keySetUrl(issuer),
    audience: required(env, 'LEGACY_API_AUDIENCE'),
    port: readPort(required(env, 'PORT')),
    ...(env.DATABASE_URL && { databaseUrl: databaseUrl(env.DATABASE_URL) }),
    ...(env.LEGACY_DATA_DIR && { dataDir: env.LEGACY_DATA_DIR }),
  }
}

function required(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = env[name]
  if (value) return value
  throw new LegacyApiError('setting_missing', `${name} is not set`)
}

/** https, or http for loopback: whoever can change the answer on its way can sign any token. */
function keySetUrl(issuer: string): URL {
  const url = URL.canParse(issuer) ? new URL(issuer) : null
  const loopback = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback)
  if (url === null || !secure || !issuer.endsWith('/')) {
    throw new LegacyApiError(
      'setting_invalid',
      'TENANT_ISSUER must be an https URL with a slash at its end, like https://tenant.example/',
    )
  }
  return new URL(`${issuer}.well-known/jwks.json`)
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new LegacyApiError('setting_invalid', 'PORT must be a number from 0 to 65535')
}

function databaseUrl(text: string): string {
  if (/^postgres(ql)?:\/\//.test(text)) return text
  throw new LegacyApiError('setting_invalid', 'DATABASE_URL must begin with postgres://')
}
