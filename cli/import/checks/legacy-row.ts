import { isLegacyId } from '../../../core/legacy-identity.ts'
import { isPlainObject, type PlainObject } from '../../../core/plain-object.ts'
import { fault, type RowFault } from './row-fault.ts'

/** Texts that the mapper hands on as they are. */
const texts = ['name', 'given_name', 'family_name', 'nickname', 'picture'] as const

const flags = ['email_verified', 'phone_verified', 'blocked', 'mfa_required'] as const

const flagFaults = {
  email_verified: 'email_verified_invalid',
  phone_verified: 'phone_verified_invalid',
  blocked: 'blocked_invalid',
  mfa_required: 'mfa_factors_invalid',
} as const

/**
 * What of a row would be refused by Auth0, or worse, be read as something else. Null is taken for
 * absent: many a serializer writes it for a member that is not there.
 *
 * @see https://auth0.com/docs/manage-users/user-migration/bulk-user-import-schema
 */
export function faultOfRow(row: PlainObject): RowFault | null {
  if (!isLegacyId(row.legacy_id)) {
    const message = 'legacy_id has to be text of 1 to 255 characters that a URL can carry'
    return fault('legacy_id_invalid', message)
  }
  if (!isEmail(row.email)) return fault('email_invalid', 'email has to be an e-mail address')
  for (const flag of flags) {
    const value = row[flag] ?? false
    if (typeof value !== 'boolean')
      return fault(flagFaults[flag], `${flag} has to be true or false`)
  }
  for (const member of texts) {
    const value = row[member] ?? ''
    if (typeof value !== 'string') return fault('text_invalid', `${member} has to be text`)
  }
  return faultOfIdentifiers(row) ?? faultOfMetadata(row) ?? faultOfFactors(row.mfa_factors)
}

function faultOfIdentifiers({ username, phone_number }: PlainObject): RowFault | null {
  if (typeof (username ?? '') !== 'string') {
    return fault('username_invalid', 'username has to be text')
  }
  // E.164: https://www.itu.int/rec/T-REC-E.164
  const phone = phone_number ?? ''
  if (phone === '' || (typeof phone === 'string' && /^\+[1-9]\d{1,14}$/.test(phone))) return null
  return fault('phone_number_invalid', 'phone_number has to be E.164, such as +12125550001')
}

function faultOfMetadata({ app_metadata, user_metadata }: PlainObject): RowFault | null {
  if (!isPlainObject(app_metadata ?? {})) {
    return fault('app_metadata_invalid', 'app_metadata has to be an object')
  }
  if (isPlainObject(user_metadata ?? {})) return null
  return fault('user_metadata_invalid', 'user_metadata has to be an object')
}

/** The mapper leaves out a factor that Auth0 cannot take; here that would be a factor lost unseen. */
function faultOfFactors(factors: unknown): RowFault | null {
  if (factors === undefined || factors === null) return null
  if (!Array.isArray(factors) || factors.length > 10) {
    return fault('mfa_factors_invalid', 'mfa_factors has to be a list of at most 10')
  }
  const wrong = factors.findIndex((factor) => !isFactor(factor))
  if (wrong === -1) return null
  const shape = 'exactly one of totp.secret (Base32), phone.value (+ and digits), email.value'
  return fault('mfa_factors_invalid', `mfa_factors[${wrong}] has to have ${shape}`)
}

function isFactor(factor: unknown): boolean {
  if (!isPlainObject(factor)) return false
  const [[kind, settings] = [], ...more] = Object.entries(factor)
  if (more.length > 0 || !isPlainObject(settings) || Object.keys(settings).length !== 1)
    return false
  const { secret, value } = settings
  if (kind === 'totp') return typeof secret === 'string' && /^[A-Z2-7]{1,256}$/.test(secret)
  if (kind === 'phone') return typeof value === 'string' && /^\+[0-9]{1,15}$/.test(value)
  return kind === 'email' && isEmail(value)
}

/**
 * An address as RFC 5321 has it, without quoted and numeric forms, which no validator agrees on; any
 * letter outside ASCII passes: that is Auth0's to judge.
 */
const address =
  /^[^\s\p{Cc}@()<>[\]:;,\\".]+(?:\.[^\s\p{Cc}@()<>[\]:;,\\".]+)*@(?:[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?\.)*[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?$/u

/** The same for what nearly every address is: several times as fast. */
const plainAddress =
  /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)*[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i

function isEmail(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > 254) return false
  return plainAddress.test(value) || address.test(value)
}
