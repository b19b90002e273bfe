import { type Auth0Tenant, succeeded } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import { pause } from '../pause.ts'
import { actionNamed, type ShownAction } from './actual.ts'
import type { ActionBefore } from './before-states.ts'
import { codeDigest } from './note-before.ts'
import type { Undone } from './undo-resources.ts'

/** Milliseconds. */
const pollTime = 1_000
/** A build takes seconds. */
const mostPolls = 60

/**
 * Brings an Action back to the version that ran, secrets included: Auth0 keeps them with the version.
 * One that the publish has made is deleted; it is bound no more by then.
 *
 * @param made Digest of the code that the publish was to deploy.
 * @see https://auth0.com/docs/customize/actions/manage-versions
 */
export async function undoAction(
  tenant: Auth0Tenant,
  name: string,
  before: ActionBefore | null,
  made: string | undefined,
): Promise<Undone> {
  const action = await actionNamed(tenant, name)
  const subject = `Action ${name}`
  if (action === null) {
    return before === null ? {} : { conflicts: [`${subject} is gone: somebody has deleted it`] }
  }
  const running = action.deployed_version?.code ?? action.code
  const isMade = (code: string) => codeDigest(code) === made
  if (before === null) {
    const isOurs = isMade(running) && isMade(action.code)
    return isOurs ? deleteAction(tenant, action) : { conflicts: [changed(subject)] }
  }
  const known = [before.code, before.draft?.code]
  const isKept = (code: string) => isMade(code) || known.includes(code)
  if (!isKept(running)) return { conflicts: [changed(subject)] }
  if (isKept(action.code)) return restoreVersion(tenant, name, before)
  const draft = `The draft of Action ${name} was changed by somebody since: it stays as it is`
  if (before.versionId === null) return { conflicts: [draft] }
  const restored = await restoreVersion(tenant, name, before, true)
  return { ...restored, conflicts: [draft] }
}

async function deleteAction(tenant: Auth0Tenant, { id, name }: ShownAction): Promise<Undone> {
  const answer = await tenant.manage('DELETE', `actions/actions/${id}`)
  if (answer.status === 404) return { restored: [`Action ${name} is deleted`] }
  if (answer.status === 400)
    return { conflicts: [`Action ${name} is still bound: somebody uses it`] }
  succeeded(answer, 'DELETE actions')
  return { restored: [`Action ${name} is deleted`] }
}

/** @param keepsDraft True: what is drafted there is somebody's. */
async function restoreVersion(
  tenant: Auth0Tenant,
  name: string,
  before: ActionBefore,
  keepsDraft = false,
): Promise<Undone> {
  const path = `actions/actions/${before.id}`
  if (before.versionId !== null) {
    const rollback = await deployVersion(tenant, path, before.versionId, !keepsDraft)
    if (rollback) {
      const restored = [`Action ${name}: code and secrets of its earlier version`]
      if (keepsDraft || before.draft === undefined) return { restored }
      succeeded(await tenant.manage('PATCH', path, before.draft), 'PATCH actions')
      return { restored: [...restored, `Action ${name}: the draft that was not deployed`] }
    }
    if (keepsDraft) return {}
  }
  // A version that is no more among the last fifty. The secrets keep the values that they have now.
  const { code, runtime, dependencies, secretNames } = before
  const secrets = secretNames.map((secret) => ({ name: secret }))
  const body = { code, runtime, dependencies, secrets }
  succeeded(await tenant.manage('PATCH', path, body), 'PATCH actions')
  if (before.versionId !== null) await deployDraft(tenant, name, path)
  const lost = secretNames.map((secret) => `${secret} of Action ${name}`)
  // Nothing takes a deployed version back where none was before.
  const left = before.versionId === null ? [`deployed version of Action ${name}`] : []
  return { restored: [`Action ${name}: code`], left, secretsKept: lost, unknownDigests: [name] }
}

/** @returns False when Auth0 has that version no more. A POST without an answer may be sent again. */
async function deployVersion(
  tenant: Auth0Tenant,
  path: string,
  version: string,
  update_draft: boolean,
): Promise<boolean> {
  const body = { update_draft }
  const answer = await persist(() => {
    return tenant.manage('POST', `${path}/versions/${version}/deploy`, body)
  })
  if (answer.status === 404) return false
  succeeded(answer, 'POST actions')
  return true
}

async function deployDraft(tenant: Auth0Tenant, name: string, path: string): Promise<void> {
  for (let polls = 0; polls < mostPolls; polls += 1) {
    const action = await actionNamed(tenant, name)
    if (action?.status === 'failed') {
      throw new CommandError('build_failed', `Auth0 could not build the earlier code of ${name}.`)
    }
    if (action?.status === 'built') {
      succeeded(await persist(() => tenant.manage('POST', `${path}/deploy`)), 'POST actions')
      return
    }
    await pause(pollTime)
  }
  throw new CommandError('build_failed', `The build of ${name} did not end.`)
}

/** To deploy the same twice makes one version more, and does no harm. */
async function persist(ask: () => ReturnType<Auth0Tenant['manage']>) {
  for (let tries = 1; ; tries += 1) {
    const answer = await ask().catch((error: unknown) => {
      const mayPass = error instanceof CommandError && error.code === 'tenant_unreachable'
      if (!mayPass || tries === 4) throw error
      return null
    })
    if (answer !== null && (answer.status < 500 || tries === 4)) return answer
    await pause(pollTime * tries)
  }
}

function changed(subject: string): string {
  return `${subject} was changed by somebody since: it stays as it is`
}
