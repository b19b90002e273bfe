import { randomUUID } from 'node:crypto'
import { compileFunction } from 'node:vm'
import type { Action, JsonObject, Tenant } from '../state.ts'
import { withVersion } from './action-deploy.ts'

/** Bytes. Auth0 says 100 kB; read as decimal, the smaller. */
// https://auth0.com/docs/customize/actions/limitations
const maxCodeBytes = 100_000

/** What Auth0 does with the drafts of Actions. */
export interface ActionServices {
  readonly tenant: Tenant
  /** Milliseconds that a build takes. */
  readonly buildTime: number
}

/** A draft whose build begins now. */
export function startBuild(action: Action, { tenant, buildTime }: ActionServices): Action {
  const { failed_version_id: _, ...draft } = action
  return {
    ...draft,
    status: 'pending',
    errors: [],
    build_ends_at: tenant.now() + buildTime,
  }
}

/**
 * Ends a build whose time is over, by parsing the code as Node 22 parses a CommonJS module. Nothing
 * of it is run. No dependency is installed: here only those fail that no registry can have.
 *
 * @returns The Action as it stands now: pending, halfway building, then built or failed. The tenant
 *   keeps the end of it.
 * @see https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccAction_FailedBuild.yaml
 */
export function settleBuild(action: Action, { tenant, buildTime }: ActionServices): Action {
  const { build_ends_at = 0, deploys_when_built, ...draft } = action
  if (action.status !== 'pending' && action.status !== 'building') return action
  if (tenant.now() < build_ends_at) {
    return tenant.now() < build_ends_at - buildTime / 2 ? action : { ...action, status: 'building' }
  }
  const problem = codeProblem(action.code) ?? dependencyProblem(action.dependencies)
  const built: Action =
    problem === null
      ? { ...draft, status: 'built' }
      : { ...draft, status: 'failed', errors: [problem], failed_version_id: randomUUID() }
  const settled =
    problem === null && deploys_when_built === true
      ? withVersion(built, built, new Date(build_ends_at).toISOString())
      : built
  tenant.state.actions.set(action.id, settled)
  return settled
}

function codeProblem(code: string): JsonObject | null {
  const bytes = Buffer.byteLength(code)
  if (bytes > maxCodeBytes) {
    return { id: 'code_too_large', msg: `The code is ${bytes} bytes; ${maxCodeBytes} are allowed.` }
  }
  try {
    compileFunction(code, ['exports', 'require', 'module', '__filename', '__dirname'])
    return null
  } catch (error) {
    return { id: 'syntax_error', msg: String(error) }
  }
}

/** https://docs.npmjs.com/cli/v11/configuring-npm/package-json#name */
const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/
/** An exact one, or a tag. https://semver.org */
const packageVersion = /^(?:\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?|latest)$/

function dependencyProblem(dependencies: Action['dependencies']): JsonObject | null {
  const wrong = dependencies.find(
    ({ name, version }) => !packageName.test(name) || !packageVersion.test(version),
  )
  if (wrong === undefined) return null
  const { name, version } = wrong
  return { id: 'invalid_dependency', msg: `No registry has a package ${name}@${version}.` }
}
