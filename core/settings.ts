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
  /** What the application proves itself by: its secret or its private key. */
  readonly credential: string
  readonly client: ClientSettings
  /** Of an old tenant: the name of the connection that its users are in. */
  readonly connection?: string
}

/** Names of the settings by which an application says whose it is, and proves it. */
export interface ClientSettings {
  readonly id: string
  readonly credential: string
}

/** A setting that cannot be used, by its name. Its value is never repeated. */
export interface SettingFault {
  readonly code: 'setting_missing' | 'setting_invalid'
  readonly settings: readonly string[]
}

/** Once, and not where it is used: there every login would make one anew. */
const blank = /^(##.*##|@@.*@@|)$/

/**
 * Reads one setting, without the line break that came along when it was pasted: an audience with one
 * would be another audience, and its lock open. `''`, `##NAME##` and `@@NAME@@` count as missing:
 * deploy-cli stores a placeholder without a value as literal text.
 */
export function readSetting(values: SettingValues, name: string): string | undefined {
  const value: unknown = values[name]
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  return blank.test(text) ? undefined : text
}

/**
 * Scheme, host, port, path; in lower case. No character that a parser of URLs drops, refuses or reads
 * as something else. Not by Unicode classes: they would make a third of an Action's cold start.
 */
const safeUrl =
  /^(?:https:\/\/(?:[\w.~\u00a1-\uffff-]+|\[[\da-f:.]+\])|http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]))(?::([1-9]\d{0,4}))?(?:\/[!"$->@-[\]-~\u00a1-\uffff]*)?$/

/**
 * True for https, and for http to this machine: a token sent in the clear is everybody's. User
 * information, a query or a fragment in the URL would be lost or leaked, and are refused.
 */
export function isSafeUrl(url: string): boolean {
  const parts = safeUrl.exec(url.toLowerCase())
  return parts !== null && Number(parts[1] ?? 443) <= 65_535
}
