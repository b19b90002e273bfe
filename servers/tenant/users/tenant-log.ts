import type { TenantLog } from '../activity.ts'
import type { Tenant } from '../state.ts'

/** Writes a tenant log. `entry` names no person: no address, no password, no profile. */
export function log(tenant: Tenant, entry: Omit<TenantLog, 'date'>): void {
  tenant.activity.logs.push({ date: new Date(tenant.now()).toISOString(), ...entry })
}
