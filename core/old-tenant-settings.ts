import {
  isSafeUrl,
  type LegacyApiSettings,
  readSetting,
  type SettingFault,
  type SettingValues,
} from './settings.ts'

/**
 * A host name as Auth0 gives one, and a port on this machine. No letter beyond those: some look like
 * them, and a URL takes others for a dot or a slash. Who has this setting is asked for passwords.
 */
const host = /^[a-z\d](?:[a-z\d.-]*[a-z\d])?(?::\d+)?$/

const client = { id: 'OLD_TENANT_CLIENT_ID', credential: 'OLD_TENANT_CLIENT_SECRET' }

/**
 * Reads what a call to the old tenant needs: twin of `legacy-api-settings.ts`. Actions and scripts use
 * one application there, since both are made for this migration alone.
 *
 * @returns The settings, or every setting that is missing, or else every one that is malformed.
 */
export function readLegacyApiSettings(values: SettingValues): LegacyApiSettings | SettingFault {
  const missing: string[] = []
  const text = (name: string) => {
    const value = readSetting(values, name)
    if (value === undefined) missing.push(name)
    return value ?? ''
  }
  const domain = text('OLD_TENANT_DOMAIN').toLowerCase()
  const settings = {
    apiUrl: `https://${domain}/api/v2`,
    audience: `https://${domain}/api/v2/`,
    tokenUrl: `https://${domain}/oauth/token`,
    clientId: text(client.id),
    credential: text(client.credential),
    client,
    connection: text('OLD_TENANT_CONNECTION'),
  }
  if (missing.length > 0) return { code: 'setting_missing', settings: missing }
  const isDomain = host.test(domain) && isSafeUrl(`https://${domain}/`)
  return isDomain ? settings : { code: 'setting_invalid', settings: ['OLD_TENANT_DOMAIN'] }
}
