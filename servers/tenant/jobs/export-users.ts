import { gzipSync } from 'node:zlib'
import type { Json, JsonObject, Tenant } from '../state.ts'
import type { ExportJob } from './job.ts'

/** Where a job does not say: what deploy tools and operators get of a profile. */
const usualFields = [
  ...['user_id', 'email', 'name', 'given_name', 'family_name', 'nickname'],
  ...['last_login', 'logins_count', 'created_at', 'updated_at', 'last_ip', 'email_verified'],
  ...['connection', 'username', 'blocked', 'identities', 'user_metadata', 'app_metadata'],
]

/** @returns The file of an export: NDJSON or CSV, compressed. */
export function exportUsers(tenant: Tenant, { connectionId, content, format }: ExportJob): Buffer {
  const name = tenant.state.connections.get(connectionId ?? '')?.name
  const profiles = [...tenant.state.users.values()]
    .map(({ profile }) => profile)
    .filter(({ identities }) => name === undefined || identities[0]?.connection === name)
    .slice(0, content.limit ?? undefined)
  const fields = content.fields ?? usualFields.map((one) => ({ name: one, exportAs: one }))
  const lines = format === 'csv' ? csv(profiles, fields) : profiles.map((one) => json(one, fields))
  return gzipSync(lines.map((line) => `${line}\n`).join(''))
}

type Fields = readonly { readonly name: string; readonly exportAs: string }[]

function json(profile: JsonObject, fields: Fields): string {
  const members = fields.flatMap(({ exportAs, name }) => {
    const value = memberAt(profile, name)
    return value === undefined ? [] : [[exportAs, value]]
  })
  return JSON.stringify(Object.fromEntries(members))
}

function csv(profiles: readonly JsonObject[], fields: Fields): readonly string[] {
  const header = fields.map(({ exportAs }) => exportAs).join(',')
  return [header, ...profiles.map((one) => fields.map(({ name }) => cell(one, name)).join(','))]
}

/**
 * Texts with a single quote before them and in double quotes, dates as they are.
 *
 * @see https://auth0.com/docs/manage-users/user-migration/bulk-user-exports
 */
function cell(profile: JsonObject, name: string): string {
  const value = memberAt(profile, name)
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') return String(value)
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value)) return value
  return `"'${value.replaceAll('"', '""')}"`
}

/** By a path such as `identities[0].connection`; `connection` is the one of the first identity. */
function memberAt(profile: JsonObject, name: string): Json | undefined {
  if (name === 'connection') return memberAt(profile, 'identities[0].connection')
  let value: Json | undefined = profile
  for (const part of name.split(/[.[\]]+/).filter((one) => one !== '')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Readonly<Record<string, Json>>)[part]
  }
  return value
}
