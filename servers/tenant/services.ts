import type { Runtime } from '../../actions-testing/runtime.ts'
import type { SigningKeys } from './signing-keys.ts'
import type { Tenant } from './state.ts'

/** What a step that touches users is given. */
export interface Services {
  readonly tenant: Tenant
  readonly runtime: Runtime
}

/** What a step that issues tokens is given. */
export interface TokenServices extends Services {
  readonly keys: SigningKeys
}
