import type { NotChecked, Outcome, ScanProgress } from '../finding.ts'
import {
  type Resource,
  type Section,
  sections,
  type TenantSource,
  type TenantView,
} from '../tenant/tenant-view.ts'
import type { Check, CheckSettings, Seen, Unseen } from './check.ts'
import { readNeeded } from './read-needed.ts'
import { undecided } from './undecided.ts'

/** Something else to look at in a resource, while it is at hand. */
type Look = (section: Section, resource: Resource) => Iterable<Outcome>

/**
 * Everything that the checks find, and every check that could not be made. Goes through the tenant twice,
 * a resource at a time: for what has to be known of others, and for what is in each.
 */
export function* runChecks(
  checks: readonly Check[],
  source: TenantSource,
  settings: CheckSettings,
  looks: readonly Look[] = [],
): Generator<Outcome | ScanProgress> {
  yield* source.problems
  const made = checks.filter((check) => unknownTo(source, check) === undefined)
  for (const check of checks) {
    const missing = unknownTo(source, check)
    if (missing !== undefined)
      yield notChecked(check, { because: source.because(missing), where: {} })
  }
  const reading = readNeeded(source, settings)
  let next = reading.next()
  for (; next.done !== true; next = reading.next()) {
    yield progress('looked through', next.value)
  }
  const view = next.value
  yield* eachResource(made, source, settings, view, [undecided, ...looks])
  for (const check of made) {
    if (!('find' in check)) continue
    for (const seen of check.find(view, settings)) yield outcomeOf(check, seen)
  }
}

function unknownTo(source: TenantSource, { reads }: Check): Section | undefined {
  return reads.find((section) => source.entries(section) === undefined)
}

function* eachResource(
  checks: readonly Check[],
  source: TenantSource,
  settings: CheckSettings,
  view: TenantView,
  looks: readonly Look[],
): Generator<Outcome | ScanProgress> {
  let done = 0
  for (const section of sections) {
    const ofSection = checks.filter((check) => 'of' in check && check.of === section)
    for (const one of source.entries(section) ?? []) {
      done += 1
      yield progress('checked', done)
      if ('type' in one) {
        yield one
        continue
      }
      yield* one.problems
      for (const look of looks) yield* look(section, one)
      for (const check of ofSection) {
        if (!('of' in check)) continue
        for (const seen of check.look(one, settings, view)) yield outcomeOf(check, seen)
      }
    }
  }
}

function progress(what: string, done: number): ScanProgress {
  return { type: 'progress', step: { what, done, unit: 'resources' } }
}

function outcomeOf(check: Check, seen: Seen | Unseen): Outcome {
  if ('because' in seen) return notChecked(check, seen)
  return { type: 'finding', kind: check.kind, ...seen }
}

function notChecked({ kind }: Check, { because, where }: Unseen): NotChecked {
  return { type: 'not-checked', id: kind.id, because, where }
}
