import { randomUUID } from 'node:crypto'
import type { JsonObject, Tenant, TenantState } from './state.ts'

/** A Rule as the Management API shows one. https://auth0.com/docs/api/management/v2/rules/get-rules */
export interface TenantRule extends JsonObject {
  readonly id: string
  readonly name: string
  readonly script: string
  readonly order: number
  readonly enabled: boolean
  readonly stage: string
}

/** What a tenant of before 2023-10-16 has of Rules. */
export interface OldRules {
  /** In their order; enabled unless they say otherwise. */
  readonly rules: readonly {
    readonly name: string
    readonly script: string
    readonly enabled?: boolean
  }[]
  readonly configuration?: Readonly<Record<string, string>>
}

const [rulesKey, configurationKey] = ['rules', 'rules-configs']

/** Makes the tenant one that has Rules, and runs them. */
export function addOldRules(
  { others }: TenantState,
  { rules, configuration = {} }: OldRules,
): void {
  const made = rules.map(({ name, script, enabled = true }, index): TenantRule => {
    const id = `rul_${randomUUID().replaceAll('-', '').slice(0, 16)}`
    return { id, name, script, order: index + 1, enabled, stage: 'login_success' }
  })
  others.set(rulesKey, new Map(made.map((rule) => [rule.id, rule])))
  const values = Object.entries(configuration)
  others.set(configurationKey, new Map(values.map(([key, value]) => [key, { key, value }])))
}

/** Rules have ended: none runs, and the API knows of none. */
export function endRules({ others }: TenantState): void {
  others.delete(rulesKey)
  others.delete(configurationKey)
}

/** @returns Null for a tenant without Rules: one of today. */
export function rulesOf({ state }: Tenant): Map<string, TenantRule> | null {
  return (state.others.get(rulesKey) as Map<string, TenantRule> | undefined) ?? null
}

export function rulesConfiguration({ state }: Tenant): Map<string, JsonObject> {
  return state.others.get(configurationKey) ?? new Map()
}
