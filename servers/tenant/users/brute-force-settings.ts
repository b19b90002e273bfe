import { BlockList, isIP } from 'node:net'
import { collectionOf } from '../collection.ts'
import type { JsonObject, Tenant } from '../state.ts'

/** Members are Auth0's. */
export interface BruteForceSettings extends JsonObject {
  readonly enabled: boolean
  /** What a block comes to: nothing is blocked without `block`. No mail is sent here. */
  readonly shields: readonly ('block' | 'user_notification')[]
  /** Addresses, and ranges in CIDR notation, whose failures count for nothing. */
  readonly allowlist: readonly string[]
  readonly mode: 'count_per_identifier' | 'count_per_identifier_and_ip'
  /** Wrong passwords in a row, 1 to 100. */
  readonly max_attempts: number
}

const defaults: BruteForceSettings = {
  enabled: true,
  shields: ['block', 'user_notification'],
  mode: 'count_per_identifier_and_ip',
  allowlist: [],
  max_attempts: 10,
}

const key = 'brute-force-protection'

/** @see https://auth0.com/docs/api/management/v2/attack-protection/get-brute-force-protection */
export function bruteForceSettings(tenant: Pick<Tenant, 'state'>): BruteForceSettings {
  return collectionOf<BruteForceSettings>(tenant, 'attack-protection').get(key) ?? defaults
}

export function changeBruteForceSettings(tenant: Tenant, change: JsonObject): void {
  const changed = { ...bruteForceSettings(tenant), ...change }
  collectionOf<BruteForceSettings>(tenant, 'attack-protection').set(key, changed)
}

/** Whether an entry of the allow list is one: an address, or a range in CIDR notation. */
export function isAddressOrRange(entry: string): boolean {
  const [address = '', prefix, ...more] = entry.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return false
  if (prefix === undefined) return true
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128)
}

export function isAllowed({ allowlist }: BruteForceSettings, ip: string): boolean {
  if (allowlist.length === 0 || isIP(ip) === 0) return false
  const list = new BlockList()
  for (const entry of allowlist) {
    const [address = '', prefix] = entry.split('/')
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return list.check(ip, isIP(ip) === 4 ? 'ipv4' : 'ipv6')
}
