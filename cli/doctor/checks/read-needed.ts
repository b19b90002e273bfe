import { textAt } from '../tenant/shape.ts'
import type {
  PassingSection,
  Resource,
  Section,
  TenantSource,
  TenantView,
} from '../tenant/tenant-view.ts'
import type { CheckSettings } from './check.ts'
import { isCustomDatabase, isKitAction, postLogin } from './kit-actions.ts'
import {
  audienceOfAction,
  audienceOfDatabase,
  hasScopesOfContract,
  legacyAudiences,
} from './legacy-api.ts'
import { isAzureOrAdfs } from './platform/flags.ts'
import { isProvider } from './platform/runtimes.ts'

/** @param held What is held of this section so far. */
type Need = (resource: Resource, held: readonly Resource[]) => boolean

type HeldSection = Exclude<Section, PassingSection>

/**
 * What checks ask for of other resources than the one they look at. A tenant may have a hundred thousand
 * clients; those that a grant of the legacy API names are a handful. In the order of reading: what is
 * needed of a section may hang on those before it.
 */
const needs: Readonly<Record<HeldSection, (view: TenantView, settings: CheckSettings) => Need>> = {
  tenant: () => always,
  attackProtection: () => always,
  emailProvider: () => always,
  emailTemplates: () => always,
  triggers:
    () =>
    ({ name }) =>
      name === 'post-login',
  actions: (view) => {
    const bound = new Set(postLogin(view)?.names)
    return (one) =>
      isKitAction(one) ||
      bound.has(one.name) ||
      isProvider(one) ||
      audienceOfAction(one) !== undefined
  },
  databases:
    (_view, { connection }) =>
    (one) =>
      isCustomDatabase(one) || one.name === connection || audienceOfDatabase(one) !== undefined,
  resourceServers: (view, settings) => {
    const audiences = legacyAudiences(view, settings)
    return (one) => hasScopesOfContract(one) || audiences.has(textAt(one.value, 'identifier') ?? '')
  },
  clientGrants: (view, settings) => {
    const audiences = legacyAudiences(view, settings)
    return ({ value }) => audiences.has(textAt(value, 'audience') ?? '')
  },
  clients: (view) => {
    const grants = view.section('clientGrants') ?? []
    const named = new Set(grants.map(({ value }) => textAt(value, 'client_id')))
    return ({ name, value }) => named.has(name) || named.has(textAt(value, 'client_id'))
  },
  // One is enough to know that there are such.
  connections: () => (one, held) => isAzureOrAdfs(one) && held.length === 0,
}

function always(): boolean {
  return true
}

/**
 * Reads a tenant once, and holds what is needed of it.
 *
 * @yields The number of resources read so far, after each.
 */
export function* readNeeded(
  source: TenantSource,
  settings: CheckSettings,
): Generator<number, TenantView> {
  const held = new Map<Section, Resource[]>()
  const view: TenantView = { origin: source.origin, section: (name) => held.get(name) }
  let read = 0
  for (const section of Object.keys(needs) as HeldSection[]) {
    const entries = source.entries(section)
    if (entries === undefined) continue
    const kept: Resource[] = []
    const isNeeded = needs[section](view, settings)
    held.set(section, kept)
    for (const one of entries) {
      if (!('type' in one) && isNeeded(one, kept)) kept.push(one)
      read += 1
      yield read
    }
  }
  return view
}
