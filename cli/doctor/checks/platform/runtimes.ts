import { migrationNamed } from '../../migrations/find-migration.ts'
import { listAt, textAt } from '../../tenant/shape.ts'
import type { Resource } from '../../tenant/tenant-view.ts'
import { type Check, each, type Seen } from '../check.ts'

/** Triggers that take one Action. */
const providerTriggers = ['custom-email-provider', 'custom-phone-provider']

export const platformRuntimeChecks: readonly Check[] = [
  {
    kind: migrationNamed('rules-and-hooks'),
    ...each('rules', function* ({ value, place }) {
      if (isRuleOff(value)) return
      yield { what: 'The Rule is on.', where: place('enabled') }
    }),
  },
  {
    kind: migrationNamed('rules-and-hooks'),
    ...each('hooks', function* ({ value, place }) {
      if (isHookOff(value)) return
      yield { what: 'The Hook is on.', where: place('enabled') }
    }),
  },
  {
    kind: migrationNamed('node-12-and-16'),
    ...each('actions', (action) => runtimeOf(action, /^node(12|16)\b/)),
  },
  {
    kind: migrationNamed('node-12-and-16'),
    ...each('tenant', (settings) => sandboxOf(settings, /^(12|16)$/)),
  },
  {
    kind: migrationNamed('node-8'),
    ...each('tenant', (settings) => sandboxOf(settings, /^(4|8)$/)),
  },
  {
    kind: migrationNamed('one-action-per-custom-provider'),
    reads: ['actions'],
    *find(view) {
      for (const trigger of providerTriggers) {
        const [, ...more] = (view.section('actions') ?? []).filter((one) =>
          triggersOf(one).includes(trigger),
        )
        for (const { place } of more) {
          const what = `There is another Action for ${trigger}.`
          yield { what, where: place('supported_triggers') }
        }
      }
    },
  },
]

/**
 * On where nothing is said, other than a Hook: so the Management API takes it.
 * https://auth0.com/docs/api/management/v2/rules/post-rules
 */
export function isRuleOff({ enabled }: Resource['value']): boolean {
  return enabled !== undefined && !isTrue(enabled)
}

export function isHookOff({ enabled }: Resource['value']): boolean {
  return !isTrue(enabled)
}

/** Also as a text, which it becomes in quotes. */
function isTrue(value: unknown): boolean {
  return value === true || value === 'true'
}

/** An Action that a provider of e-mails or messages is. */
export function isProvider(action: Resource): boolean {
  return triggersOf(action).some((trigger) => providerTriggers.includes(trigger))
}

function triggersOf({ value }: Resource): readonly string[] {
  return listAt(value, 'supported_triggers').map((one) => textAt(one, 'id') ?? '')
}

function* runtimeOf({ value, place }: Resource, old: RegExp): Generator<Seen> {
  const { runtime } = value
  if (typeof runtime !== 'string' || !old.test(runtime)) return
  yield { what: `runtime is ${runtime}.`, where: place('runtime') }
}

function* sandboxOf({ value, place }: Resource, old: RegExp): Generator<Seen> {
  for (const member of ['sandbox_version', 'legacy_sandbox_version']) {
    // A number, where somebody left the quotes out.
    const version = String(value[member])
    if (!old.test(version)) continue
    yield { what: `${member} is ${version}.`, where: place(member) }
  }
}
