import type { Fact } from './fact.ts'
import { audienceGivenToTheMachine, audienceRefusedToPeople } from './facts/audience.ts'
import { interruptedLoginBackfilled, userEditsKept } from './facts/backfill.ts'
import {
  blockedAddressCannotSignUp,
  deletedUserStaysGone,
  emailChangedAwayAndBack,
  forgottenPasswordBeforeFirstLogin,
} from './facts/coming-back.ts'
import {
  claimsInTokensAndUserinfo,
  firstLoginWithLegacyPassword,
  markedInLegacyStore,
  noBackfillCallWhenMetadataArrived,
  secondLoginZeroLegacyCalls,
} from './facts/first-login.ts'
import {
  html404LeavesNoStamp,
  outageLeavesNoStamp,
  outageMigratedUsersLogIn,
  outageSignUpRefused,
} from './facts/outage.ts'
import { published, unsetSecretFailsClosed } from './facts/publishing.ts'
import { newSignUpMakesNoLegacyCall } from './facts/sign-up.ts'

/** What the demo shows, in the order in which it is told. */
export const facts: readonly Fact[] = [
  published,
  firstLoginWithLegacyPassword,
  noBackfillCallWhenMetadataArrived,
  interruptedLoginBackfilled,
  userEditsKept,
  markedInLegacyStore,
  claimsInTokensAndUserinfo,
  secondLoginZeroLegacyCalls,
  forgottenPasswordBeforeFirstLogin,
  emailChangedAwayAndBack,
  deletedUserStaysGone,
  blockedAddressCannotSignUp,
  audienceRefusedToPeople,
  audienceGivenToTheMachine,
  newSignUpMakesNoLegacyCall,
  outageMigratedUsersLogIn,
  outageLeavesNoStamp,
  outageSignUpRefused,
  html404LeavesNoStamp,
  unsetSecretFailsClosed,
]
