import type { Probe } from './probe.ts'
import { bruteForceBlocksWhoIsNotMigrated } from './rows/attack-protection/brute-force-blocks-who-is-not-migrated.ts'
import { sameUserLimitCountsRightPasswords } from './rows/attack-protection/same-user-limit-counts-right-passwords.ts'
import { scriptErrorIsNoWrongPassword } from './rows/attack-protection/script-error-is-no-wrong-password.ts'
import { errorIsServerError } from './rows/credentials-exchange/error-is-server-error.ts'
import { laterActionSeesClaims } from './rows/credentials-exchange/later-action-sees-claims.ts'
import { noProfileClaims } from './rows/credentials-exchange/no-profile-claims.ts'
import { administratorEmailChangeAsksGetUser } from './rows/database-scripts/administrator-email-change-asks-get-user.ts'
import { callbackIsTheLastArgument } from './rows/database-scripts/callback-is-the-last-argument.ts'
import { firstArgumentIsWhatWasTyped } from './rows/database-scripts/first-argument-is-what-was-typed.ts'
import { firstLoginsAtOnceAreOneUser } from './rows/database-scripts/first-logins-at-once-are-one-user.ts'
import { forbiddenMetadataFailsImport } from './rows/database-scripts/forbidden-metadata-fails-import.ts'
import { getUserGetsLowerCase } from './rows/database-scripts/get-user-gets-lower-case.ts'
import { globalOutlivesACall } from './rows/database-scripts/global-outlives-a-call.ts'
import { importFiresNoRegistrationAction } from './rows/database-scripts/import-fires-no-registration-action.ts'
import { loginGetsIdentifierAsTyped } from './rows/database-scripts/login-gets-identifier-as-typed.ts'
import { scriptErrorIsAccessDenied } from './rows/database-scripts/script-error-is-access-denied.ts'
import { takenIdOrAddressFailsImport } from './rows/database-scripts/taken-id-or-address-fails-import.ts'
import { unknownProfileMembersDropped } from './rows/database-scripts/unknown-profile-members-dropped.ts'
import { wrongTypedProfileMemberFailsImport } from './rows/database-scripts/wrong-typed-profile-member-fails-import.ts'
import { codeLimitIs100000Bytes } from './rows/management-api/code-limit-is-100000-bytes.ts'
import { conflictCodes } from './rows/management-api/conflict-codes.ts'
import { deletingAnUnknownClientIs404 } from './rows/management-api/deleting-an-unknown-client-is-404.ts'
import { deployingTwiceDoesNoHarm } from './rows/management-api/deploying-twice-does-no-harm.ts'
import { encryptedConfigurationRecognised } from './rows/management-api/encrypted-configuration-recognised.ts'
import { failedBuildSaysWhyInVersions } from './rows/management-api/failed-build-says-why-in-versions.ts'
import { failedDraftDeploysLikeAPendingOne } from './rows/management-api/failed-draft-deploys-like-a-pending-one.ts'
import { newSecretNeedsAValue } from './rows/management-api/new-secret-needs-a-value.ts'
import { nullAppTypeRefused } from './rows/management-api/null-app-type-refused.ts'
import { oversizedCodeFailsTheBuild } from './rows/management-api/oversized-code-fails-the-build.ts'
import { patchedSecretsReplaceTheList } from './rows/management-api/patched-secrets-replace-the-list.ts'
import { unlistedRuntimeRefused } from './rows/management-api/unlisted-runtime-refused.ts'
import { assignedMembershipSurvivesDenial } from './rows/organizations/assigned-membership-survives-denial.ts'
import { membershipCheckedBeforeActions } from './rows/organizations/membership-checked-before-actions.ts'
import { cacheErrorCodes } from './rows/post-login/cache-error-codes.ts'
import { cacheLifetimeOverADayRefused } from './rows/post-login/cache-lifetime-over-a-day-refused.ts'
import { cacheOutlivesLogin } from './rows/post-login/cache-outlives-login.ts'
import { closedApiRefusedBeforeActions } from './rows/post-login/closed-api-refused-before-actions.ts'
import { createdAtIsImportTime } from './rows/post-login/created-at-is-import-time.ts'
import { earlierMetadataSurvivesDenial } from './rows/post-login/earlier-metadata-survives-denial.ts'
import { earlierMetadataSurvivesThrow } from './rows/post-login/earlier-metadata-survives-throw.ts'
import { errorNobodyCatchesFailsLogin } from './rows/post-login/error-nobody-catches-fails-login.ts'
import { firstDenialStands } from './rows/post-login/first-denial-stands.ts'
import { firstRedirectStands } from './rows/post-login/first-redirect-stands.ts'
import { handlersHaveToBeAsync } from './rows/post-login/handlers-have-to-be-async.ts'
import { kilobyteIs1000Bytes } from './rows/post-login/kilobyte-is-1000-bytes.ts'
import { lateApiCallSetsNothing } from './rows/post-login/late-api-call-sets-nothing.ts'
import { metadataLimitSpansRedirects } from './rows/post-login/metadata-limit-spans-redirects.ts'
import { ownMetadataUnseen } from './rows/post-login/own-metadata-unseen.ts'
import { passwordHiddenFromActions } from './rows/post-login/password-hidden-from-actions.ts'
import { profileClaimsNeedTheirScope } from './rows/post-login/profile-claims-need-their-scope.ts'
import { redirectWithoutContinueFails } from './rows/post-login/redirect-without-continue-fails.ts'
import { refusedMetadataKeyThrows } from './rows/post-login/refused-metadata-key-throws.ts'
import { resourceServerOfTheExchange } from './rows/post-login/resource-server-of-the-exchange.ts'
import { undefinedClaimSetsNothing } from './rows/post-login/undefined-claim-sets-nothing.ts'
import { deniedUserOfTheManagementApiIs400 } from './rows/registration/denied-user-of-the-management-api-is-400.ts'
import { registrationErrorHasNoFriendlyMessage } from './rows/registration/registration-error-has-no-friendly-message.ts'
import { signUpBodyHasNoPassword } from './rows/registration/sign-up-body-has-no-password.ts'
import { takenAddressReachesNoRegistrationAction } from './rows/registration/taken-address-reaches-no-registration-action.ts'
import { assertionAudienceIsTheIssuer } from './rows/sessions/assertion-audience-is-the-issuer.ts'
import { assertionIsUsedOnceByEachApplication } from './rows/sessions/assertion-is-used-once-by-each-application.ts'
import { badAssertionIsAccessDenied } from './rows/sessions/bad-assertion-is-access-denied.ts'
import { deniedExchangeDoesNotRotate } from './rows/sessions/denied-exchange-does-not-rotate.ts'
import { deniedLoginLeavesNoSession } from './rows/sessions/denied-login-leaves-no-session.ts'
import { expiredAssertionHasNoLeeway } from './rows/sessions/expired-assertion-has-no-leeway.ts'
import { passwordChangeKeepsRefreshTokens } from './rows/sessions/password-change-keeps-refresh-tokens.ts'
import { revocationEndsRotatedTokens } from './rows/sessions/revocation-ends-rotated-tokens.ts'
import { scopesAboveTheGrantRefused } from './rows/sessions/scopes-above-the-grant-refused.ts'
import { sessionSurvivesDenial } from './rows/sessions/session-survives-denial.ts'
import { silentLoginToLoopbackNeedsInteraction } from './rows/sessions/silent-login-to-loopback-needs-interaction.ts'
import { thirdCredentialIsRefused } from './rows/sessions/third-credential-is-refused.ts'
import { unknownAudienceIsAccessDenied } from './rows/sessions/unknown-audience-is-access-denied.ts'
import { unknownClientIsAccessDenied } from './rows/sessions/unknown-client-is-access-denied.ts'
import { unnamedAudienceIsIgnored } from './rows/sessions/unnamed-audience-is-ignored.ts'
import { unregisteredScopesDropped } from './rows/sessions/unregistered-scopes-dropped.ts'
import { unusableRealmIsInvalidRequest } from './rows/sessions/unusable-realm-is-invalid-request.ts'
import { blockedUserIsUnauthorized } from './rows/users/blocked-user-is-unauthorized.ts'
import { deletionEndsRefreshTokens } from './rows/users/deletion-ends-refresh-tokens.ts'
import { linkedAccountBringsNoMetadata } from './rows/users/linked-account-brings-no-metadata.ts'
import { linkedAccountIsFoundByThePrimaryAddress } from './rows/users/linked-account-is-found-by-the-primary-address.ts'
import { linkedAccountIsNotFoundById } from './rows/users/linked-account-is-not-found-by-id.ts'
import { nestedDotsRefused } from './rows/users/nested-dots-refused.ts'
import { nestedForbiddenNamesTaken } from './rows/users/nested-forbidden-names-taken.ts'
import { patchedMetadataMergeAtTheRoot } from './rows/users/patched-metadata-merge-at-the-root.ts'
import { signUpSaysUserExists } from './rows/users/sign-up-says-user-exists.ts'

/** Every probe, in the order of docs/assumptions.md. */
export const probes: readonly Probe[] = [
  earlierMetadataSurvivesDenial,
  earlierMetadataSurvivesThrow,
  ownMetadataUnseen,
  firstDenialStands,
  cacheOutlivesLogin,
  cacheLifetimeOverADayRefused,
  cacheErrorCodes,
  kilobyteIs1000Bytes,
  refusedMetadataKeyThrows,
  lateApiCallSetsNothing,
  errorNobodyCatchesFailsLogin,
  undefinedClaimSetsNothing,
  passwordHiddenFromActions,
  createdAtIsImportTime,
  resourceServerOfTheExchange,
  closedApiRefusedBeforeActions,
  firstRedirectStands,
  redirectWithoutContinueFails,
  metadataLimitSpansRedirects,
  profileClaimsNeedTheirScope,
  handlersHaveToBeAsync,
  errorIsServerError,
  laterActionSeesClaims,
  noProfileClaims,
  deniedLoginLeavesNoSession,
  sessionSurvivesDenial,
  silentLoginToLoopbackNeedsInteraction,
  passwordChangeKeepsRefreshTokens,
  deniedExchangeDoesNotRotate,
  revocationEndsRotatedTokens,
  unnamedAudienceIsIgnored,
  unknownAudienceIsAccessDenied,
  unknownClientIsAccessDenied,
  unusableRealmIsInvalidRequest,
  assertionAudienceIsTheIssuer,
  badAssertionIsAccessDenied,
  assertionIsUsedOnceByEachApplication,
  expiredAssertionHasNoLeeway,
  thirdCredentialIsRefused,
  scopesAboveTheGrantRefused,
  unregisteredScopesDropped,
  membershipCheckedBeforeActions,
  assignedMembershipSurvivesDenial,
  bruteForceBlocksWhoIsNotMigrated,
  scriptErrorIsNoWrongPassword,
  sameUserLimitCountsRightPasswords,
  loginGetsIdentifierAsTyped,
  getUserGetsLowerCase,
  unknownProfileMembersDropped,
  wrongTypedProfileMemberFailsImport,
  forbiddenMetadataFailsImport,
  takenIdOrAddressFailsImport,
  firstLoginsAtOnceAreOneUser,
  administratorEmailChangeAsksGetUser,
  callbackIsTheLastArgument,
  globalOutlivesACall,
  importFiresNoRegistrationAction,
  firstArgumentIsWhatWasTyped,
  scriptErrorIsAccessDenied,
  takenAddressReachesNoRegistrationAction,
  registrationErrorHasNoFriendlyMessage,
  deniedUserOfTheManagementApiIs400,
  signUpBodyHasNoPassword,
  nestedForbiddenNamesTaken,
  nestedDotsRefused,
  patchedMetadataMergeAtTheRoot,
  linkedAccountBringsNoMetadata,
  linkedAccountIsNotFoundById,
  linkedAccountIsFoundByThePrimaryAddress,
  signUpSaysUserExists,
  blockedUserIsUnauthorized,
  deletionEndsRefreshTokens,
  codeLimitIs100000Bytes,
  oversizedCodeFailsTheBuild,
  failedBuildSaysWhyInVersions,
  failedDraftDeploysLikeAPendingOne,
  deployingTwiceDoesNoHarm,
  unlistedRuntimeRefused,
  newSecretNeedsAValue,
  patchedSecretsReplaceTheList,
  encryptedConfigurationRecognised,
  conflictCodes,
  deletingAnUnknownClientIs404,
  nullAppTypeRefused,
]
