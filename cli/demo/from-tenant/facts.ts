import type { Fact } from '../fact.ts'
import { oldTenantClosedForGood, oldTenantDown } from './facts/closing.ts'
import {
  movesWithPasswordAndMetadata,
  movesWithRolesAndOrganization,
  publishedToBoth,
  residentNoticesNothing,
} from './facts/moving.ts'
import { forgottenPasswordBeforeFirstLogin, secondFactorGoesByReset } from './facts/resetting.ts'
import type { FromTenantWorld } from './world.ts'

/** What `--from-tenant` shows, in the order in which it is told. The last one ends the old tenant. */
export const fromTenantFacts: readonly Fact<FromTenantWorld>[] = [
  publishedToBoth,
  residentNoticesNothing,
  movesWithPasswordAndMetadata,
  movesWithRolesAndOrganization,
  forgottenPasswordBeforeFirstLogin,
  secondFactorGoesByReset,
  oldTenantDown,
  oldTenantClosedForGood,
]
