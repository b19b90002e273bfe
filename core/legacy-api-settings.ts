import {
  type ClientSettings,
  isSafeUrl,
  type LegacyApiSettings,
  readSetting,
  type SettingFault,
  type SettingValues,
} from './settings.ts'

/**
 * Reads what a call to the legacy API needs.
 *
 * @param client Names of the settings of the application that calls.
 * @returns The settings, or every setting that is missing, or else every one that is malformed.
 */
export function readLegacyApiSettings(
  values: SettingValues,
  client: ClientSettings,
): LegacyApiSettings | SettingFault {
  const missing: string[] = []
  const invalid: string[] = []
  const text = (name: string) => {
    const value = readSetting(values, name)
    if (value === undefined) missing.push(name)
    return value ?? ''
  }
  const url = (name: string) => {
    const value = text(name)
    if (!isSafeUrl(value)) invalid.push(name)
    return value
  }
  const settings = {
    apiUrl: url('LEGACY_API_URL').replace(/\/+$/, ''),
    audience: text('LEGACY_API_AUDIENCE'),
    tokenUrl: url('LEGACY_TOKEN_URL'),
    clientId: text(client.id),
    credential: text(client.credential),
    client,
  }
  if (missing.length > 0) return { code: 'setting_missing', settings: missing }
  return invalid.length > 0 ? { code: 'setting_invalid', settings: invalid } : settings
}
