import type { Json, Tenant } from '../state.ts'

/** A member of GET /api/v2/tenants/settings, when it is a text that says something. */
export function textSetting(tenant: Tenant, name: string): string | null {
  const value = setting(tenant, name)
  return typeof value === 'string' && value !== '' ? value : null
}

/** @returns `fallback` when the setting is not a positive number. */
export function numberSetting(tenant: Tenant, name: string, fallback: number): number {
  const value = setting(tenant, name)
  return typeof value === 'number' && value > 0 ? value : fallback
}

export function listSetting(tenant: Tenant, name: string): readonly Json[] {
  const value = setting(tenant, name)
  return Array.isArray(value) ? value : []
}

export function setting(tenant: Tenant, name: string): Json | undefined {
  return tenant.state.settings.get('tenant')?.[name]
}
