import type { Action, DeployedVersion, JsonObject } from '../state.ts'
import { isAllDeployed } from './action-deploy.ts'

/**
 * An Action as the API shows it: of a secret its name, never its value. Why its build failed is not
 * in it, neither in the SDK's types nor in this recording: `failedVersions` has it.
 *
 * @see https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccAction_FailedBuild.yaml
 */
export function showAction(action: Action): JsonObject {
  return {
    ...showBase(action),
    code: action.code,
    dependencies: action.dependencies,
    runtime: action.runtime,
    status: action.status,
    secrets: showSecrets(action.secrets),
    ...showRunning(action),
    all_changes_deployed: isAllDeployed(action),
  }
}

/**
 * What a deployment is answered with: it is accepted, and not there yet. A look at the Action a
 * moment later shows it, and here that is the next one.
 *
 * @see https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccActionDeleteWithUnbind.yaml
 */
export function showAccepted(action: Action, version: DeployedVersion): JsonObject {
  const { built_at: _, ...shown } = showParts(action, version)
  return {
    ...shown,
    deployed: false,
    action: { ...showBase(action), all_changes_deployed: false },
  }
}

/**
 * An Action as a binding shows it. Not all of its changes are ever deployed there, whatever GET
 * /actions/actions/{id} says of it.
 *
 * @see https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccActionDeleteWithUnbind.yaml
 */
export function showBound(action: Action): JsonObject {
  return { ...showBase(action), ...showRunning(action), all_changes_deployed: false }
}

export function showVersion(action: Action, version: DeployedVersion): JsonObject {
  return {
    ...showParts(action, version),
    action_id: action.id,
    action: { ...showBase(action), all_changes_deployed: isAllDeployed(action) },
  }
}

function showBase({ id, name, supported_triggers, created_at, updated_at }: Action): JsonObject {
  return { id, name, supported_triggers, created_at, updated_at }
}

/** What runs, twice: `current_version` is how Auth0 called it before. */
function showRunning(action: Action): JsonObject {
  const { deployed, runtime: usual } = action
  if (deployed === null) return {}
  const { id, code, number, runtime = usual, created_at, built_at = created_at } = deployed
  const times = { build_time: built_at, created_at, updated_at: built_at }
  return {
    current_version: { id, code, runtime, status: 'BUILT', number, ...times },
    deployed_version: showParts(action, deployed),
  }
}

function showParts(action: Action, version: DeployedVersion): JsonObject {
  const { id, code, number, created_at, built_at = created_at } = version
  return {
    id,
    code,
    dependencies: version.dependencies ?? [],
    deployed: id === action.deployed?.id,
    number,
    runtime: version.runtime ?? action.runtime,
    secrets: showSecrets(version.secrets),
    status: 'built',
    supported_triggers: action.supported_triggers,
    built_at,
    created_at,
    updated_at: built_at,
  }
}

/**
 * The draft whose build failed, as a version: versions have `errors`. That it is listed at all is an
 * assumption, `failed-build-says-why-in-versions`.
 */
export function failedVersions(action: Action): readonly JsonObject[] {
  const { code, dependencies, errors, failed_version_id, runtime, secrets, updated_at } = action
  if (action.status !== 'failed' || failed_version_id === undefined) return []
  return [
    {
      id: failed_version_id,
      action_id: action.id,
      code,
      dependencies,
      deployed: false,
      runtime,
      secrets: showSecrets(secrets),
      status: 'failed',
      errors,
      created_at: updated_at,
      updated_at,
    },
  ]
}

function showSecrets(
  secrets: readonly { readonly name: string; readonly updated_at?: string }[],
): readonly JsonObject[] {
  return secrets.map(({ name, updated_at }) => ({
    name,
    ...(updated_at !== undefined && { updated_at }),
  }))
}
