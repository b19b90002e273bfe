import type { Action, Json, JsonObject } from '../state.ts'
import { invalidBody } from './management-error.ts'
import { type BodyShape, objectsOf, textOf } from './request-body.ts'
import { triggers } from './triggers.ts'

/** Numbers a tenant. https://auth0.com/docs/customize/actions/limitations */
const maxSecrets = 30
const maxSecretName = 128 // characters
const maxSecretValue = 4_096 // characters
const maxDependencies = 10

export const changedAction: BodyShape = {
  members: {
    name: 'string',
    supported_triggers: 'array',
    code: 'string',
    dependencies: 'array',
    runtime: 'string',
    secrets: 'array',
    modules: 'array',
  },
}

export const newAction: BodyShape = {
  members: { ...changedAction.members, deploy: 'boolean' },
  required: ['name', 'supported_triggers'],
}

type Draft = Pick<
  Action,
  'code' | 'dependencies' | 'name' | 'runtime' | 'secrets' | 'supported_triggers'
>

/**
 * The draft that a body makes of the one there was. A secret without a value keeps the one it has.
 *
 * @param now ISO 8601.
 * @throws {ManagementError} 400.
 */
export function draftOf(body: JsonObject, before: Draft | null, now: string): Draft {
  if (before === null || body.supported_triggers !== undefined) assertTriggers(body)
  const supported_triggers = triggersOf(body) ?? before?.supported_triggers ?? []
  const runtime = textOf(body, 'runtime') ?? before?.runtime ?? 'node22'
  assertRuntime(runtime, supported_triggers)
  assertNoModules(body.modules)
  return {
    name: nameOf(body) ?? before?.name ?? '',
    code: textOf(body, 'code') ?? before?.code ?? '',
    dependencies: dependenciesOf(body) ?? before?.dependencies ?? [],
    runtime,
    secrets: secretsOf(body, before?.secrets ?? [], now) ?? before?.secrets ?? [],
    supported_triggers,
  }
}

function nameOf(body: JsonObject): string | undefined {
  const name = textOf(body, 'name')
  if (name?.trim() === '') throw invalidBody("'String is too short' on property name")
  return name
}

function triggersOf(body: JsonObject): Draft['supported_triggers'] | undefined {
  const shape = {
    members: { id: 'string', version: 'string' },
    required: ['id', 'version'],
  } as const
  return objectsOf(body, 'supported_triggers', shape)?.map((trigger) => ({
    id: textOf(trigger, 'id') ?? '',
    version: textOf(trigger, 'version') ?? '',
  }))
}

/** One, and one that there is: "an action can only target a single trigger at a time". */
function assertTriggers(body: JsonObject): void {
  const asked = triggersOf(body) ?? []
  if (asked.length !== 1) throw invalidBody("'Expected one item' on property supported_triggers")
  const [{ id, version } = { id: '', version: '' }] = asked
  if (triggers.some((trigger) => trigger.id === id && trigger.version === version)) return
  throw invalidBody(`'There is no trigger ${id} ${version}' on property supported_triggers`)
}

function assertRuntime(runtime: string, [asked]: Draft['supported_triggers']): void {
  const trigger = triggers.find(({ id, version }) => id === asked?.id && version === asked.version)
  if (trigger === undefined || trigger.runtimes.includes(runtime)) return
  const allowed = trigger.runtimes.join(', ')
  throw invalidBody(`'No enum match' on property runtime (${trigger.id} has ${allowed})`)
}

/** Modules are shared code that Auth0 adds to a build; the stand-in has none to add. */
function assertNoModules(modules: Json | undefined): void {
  if (!Array.isArray(modules) || modules.length === 0) return
  throw invalidBody("'There is no such Actions Module' on property modules")
}

function dependenciesOf(body: JsonObject): Draft['dependencies'] | undefined {
  const members = { name: 'string', version: 'string', registry_url: 'string' } as const
  const list = objectsOf(body, 'dependencies', { members, required: ['name', 'version'] })
  if (list !== undefined && list.length > maxDependencies) {
    throw invalidBody(`'Array is too long, maximum ${maxDependencies}' on property dependencies`)
  }
  return list?.map((one) => ({
    name: textOf(one, 'name') ?? '',
    version: textOf(one, 'version') ?? '',
    ...(typeof one.registry_url === 'string' && { registry_url: one.registry_url }),
  }))
}

function secretsOf(
  body: JsonObject,
  before: Draft['secrets'],
  now: string,
): Draft['secrets'] | undefined {
  // deploy-cli hands back `updated_at` from an export.
  const members = { name: 'string', value: 'string', updated_at: 'string' } as const
  const list = objectsOf(body, 'secrets', { members, required: ['name'] })
  if (list === undefined) return undefined
  if (list.length > maxSecrets) {
    throw invalidBody(`'Array is too long, maximum ${maxSecrets}' on property secrets`)
  }
  const names = list.map((secret) => textOf(secret, 'name'))
  if (new Set(names).size < names.length) throw invalidBody("'Names repeat' on property secrets")
  return list.map((secret, position) => secretOf(secret, before, now, `secrets/${position}`))
}

function secretOf(secret: JsonObject, before: Draft['secrets'], now: string, at: string) {
  const name = textOf(secret, 'name') ?? ''
  const value = textOf(secret, 'value')
  const kept = before.find((one) => one.name === name)
  if (value === undefined && kept !== undefined) return kept
  if (value === undefined) throw invalidBody(`'Missing required property: ${at}/value'`)
  if (name === '' || name.length > maxSecretName) {
    throw invalidBody(`'Length is not from 1 to ${maxSecretName}' on property ${at}/name`)
  }
  if (value.length > maxSecretValue) {
    throw invalidBody(`'String is too long, maximum ${maxSecretValue}' on property ${at}/value`)
  }
  return { name, value, updated_at: now }
}
