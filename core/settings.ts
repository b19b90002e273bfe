/**
 * Settings are what differs between environments: secrets of an Action, `configuration` of a
 * connection. Their names are the same in both.
 */
export type SettingValues = Readonly<Record<string, string | undefined>>

/** What a call to the legacy API needs. */
export interface LegacyApiSettings {
  /** Base URL, without a trailing slash. */
  readonly apiUrl: string
  readonly audience: string
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
}

/** A setting that cannot be used, by its name. Its value is never repeated. */
export interface SettingFault {
  readonly code: 'setting_missing' | 'setting_invalid'
  readonly settings: readonly string[]
}

/** Once, and not where it is used: there every login would make one anew. */
const placeholder = /^(##.*##|@@.*@@)$/

/**
 * Reads one setting, without the line break that came along when it was pasted: an audience with one
 * would be another audience, and its lock open. `''`, `##NAME##` and `@@NAME@@` count as missing:
 * deploy-cli stores a placeholder without a value as literal text.
 */
export function readSetting(values: SettingValues, name: string): string | undefined {
  const value: unknown = values[name]
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  return text === '' || placeholder.test(text) ? undefined : text
}

/**
 * Reads what a call to the legacy API needs.
 *
 * @param client Whose application calls: `ACTIONS` or `SCRIPTS`.
 * @returns The settings, or every setting that is missing, or else every one that is malformed.
 */
export function readLegacyApiSettings(
  values: SettingValues,
  client: { readonly id: string; readonly secret: string },
): LegacyApiSettings | SettingFault {
  const names = [
    'LEGACY_API_URL',
    'LEGACY_API_AUDIENCE',
    'LEGACY_TOKEN_URL',
    client.id,
    client.secret,
  ]
  const read = names.map((name) => readSetting(values, name))
  const missing = names.filter((_, index) => read[index] === undefined)
  if (missing.length > 0) return { code: 'setting_missing', settings: missing }
  const [apiUrl = '', audience = '', tokenUrl = '', clientId = '', clientSecret = ''] = read
  const invalid = [
    ...(isSafeUrl(apiUrl) ? [] : ['LEGACY_API_URL']),
    ...(isSafeUrl(tokenUrl) ? [] : ['LEGACY_TOKEN_URL']),
  ]
  if (invalid.length > 0) return { code: 'setting_invalid', settings: invalid }
  return { apiUrl: apiUrl.replace(/\/+$/, ''), audience, tokenUrl, clientId, clientSecret }
}

/** Scheme, host, port. No character that a parser of URLs drops, refuses or reads as something else. */
const urlParts =
  /^(https?):\/\/([^\s/?#@\\:[\]<>^|%]+|\[[\da-f:.]+\])(?::(\d{1,5}))?(?:\/[^\s?#\\]*)?$/i

/** Blanks and control characters. As `\p{Cc}` they would make a third of an Action's cold start. */
const unprintable = /[^!-~\u00a1-\uffff]/

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i

/**
 * True for https, and for http to this machine: a token sent in the clear is everybody's. User
 * information, a query or a fragment in the URL would be lost or leaked, and are refused.
 */
export function isSafeUrl(url: string): boolean {
  if (unprintable.test(url)) return false
  const [, scheme = '', host = '', port = '443'] = urlParts.exec(url) ?? []
  if (host === '' || Number(port) < 1 || Number(port) > 65_535) return false
  return scheme.toLowerCase() === 'https' || loopback.test(host)
}
