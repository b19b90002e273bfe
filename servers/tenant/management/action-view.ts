import type { Action, DeployedVersion, JsonObject } from '../state.ts'

/**
 * An Action as the API shows it: of a secret its name, never its value. Why its build failed is not
 * in it, neither in the SDK's types nor in this recording: `failedVersions` has it.
 *
 * @see https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccAction_FailedBuild.yaml
 */
export function showAction(action: Action): JsonObject {
  const { deployed } = action
  return {
    ...showBase(action),
    code: action.code,
    dependencies: action.dependencies,
    runtime: action.runtime,
    status: action.status,
    secrets: showSecrets(action.secrets),
    ...(deployed !== null && { deployed_version: showVersion(action, deployed) }),
    installed_integration_id: null,
    ...(action.built_at !== undefined && { built_at: action.built_at }),
    all_changes_deployed: action.all_changes_deployed ?? false,
  }
}

/** What POST /actions/actions/{id}/deploy answers, and GET /actions/actions/{id}/versions/{id}. */
export function showDeployment(action: Action, version: DeployedVersion): JsonObject {
  return {
    ...showVersion(action, version),
    action: { ...showBase(action), all_changes_deployed: action.all_changes_deployed ?? false },
    supported_triggers: action.supported_triggers,
  }
}

/** What other resources say of an Action. */
export function showBase(action: Action): JsonObject {
  return {
    id: action.id,
    name: action.name,
    supported_triggers: action.supported_triggers,
    created_at: action.created_at,
    updated_at: action.updated_at,
  }
}

export function showVersion(action: Action, version: DeployedVersion): JsonObject {
  const { id, code, number, created_at, built_at = created_at } = version
  return {
    id,
    action_id: action.id,
    code,
    dependencies: version.dependencies ?? [],
    deployed: id === action.deployed?.id,
    number,
    runtime: version.runtime ?? action.runtime,
    secrets: showSecrets(version.secrets),
    status: 'built',
    built_at,
    created_at,
    updated_at: created_at,
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
