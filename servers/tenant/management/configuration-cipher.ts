import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import type { Json, JsonObject } from '../state.ts'
import { isObject } from './request-body.ts'

/**
 * Auth0 shows the `configuration` of a database encrypted, and deploy-cli sends what it was shown
 * back with every change of other options. So what was encrypted here is known when it returns, and
 * stays what it was.
 *
 * @see https://auth0.com/docs/authenticate/database-connections/custom-db/overview-custom-db-connections
 */
export interface ConfigurationCipher {
  /** Options as they may be shown. */
  encrypt(options: JsonObject): JsonObject
  /** Options as they are kept; what was not encrypted here passes as it is. */
  decrypt(options: JsonObject): JsonObject
}

const algorithm = 'aes-256-gcm'
const prefix = '2.0$'
const ivLength = 12 // bytes
const tagLength = 16 // bytes

/** @param key 32 bytes. Default: random ones, that die with the process. */
export function createConfigurationCipher(key: Buffer = randomBytes(32)): ConfigurationCipher {
  return {
    encrypt: (options) => mapConfiguration(options, (name, value) => seal(key, name, value)),
    decrypt: (options) => mapConfiguration(options, (name, value) => open(key, name, value)),
  }
}

function mapConfiguration(
  options: JsonObject,
  change: (name: string, value: string) => string,
): JsonObject {
  const { configuration } = options
  if (!isObject(configuration)) return options
  const changed = Object.entries(configuration).map(([name, value]): [string, Json] => [
    name,
    typeof value === 'string' ? change(name, value) : value,
  ])
  return { ...options, configuration: Object.fromEntries(changed) }
}

/** The nonce comes of the value, so that a value is shown the same until it changes. */
function seal(key: Buffer, name: string, value: string): string {
  const iv = createHmac('sha256', key).update(`${name}\n${value}`).digest().subarray(0, ivLength)
  const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(name))
  const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()])
  return prefix + Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')
}

function open(key: Buffer, name: string, value: string): string {
  if (!value.startsWith(prefix)) return value
  const sealed = Buffer.from(value.slice(prefix.length), 'base64url')
  try {
    const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, ivLength))
      .setAAD(Buffer.from(name))
      .setAuthTag(sealed.subarray(ivLength, ivLength + tagLength))
    const text = decipher.update(sealed.subarray(ivLength + tagLength))
    return Buffer.concat([text, decipher.final()]).toString('utf8')
  } catch {
    return value
  }
}
