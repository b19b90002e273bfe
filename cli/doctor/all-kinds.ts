import { checks } from './checks/all-checks.ts'
import type { FindingKind } from './finding.ts'
import { migrations } from './migrations/find-migration.ts'
import { unknownNotice } from './notices.ts'
import { checks as codeChecks } from './source/checks/all-checks.ts'
import { pairKinds } from './source/compare-scripts.ts'

/** Every kind of finding that there is, each once, by id. */
export const allKinds: readonly FindingKind[] = [
  ...new Map(
    [
      ...migrations.filter(({ detection }) => detection.length > 0),
      ...checks.map(({ kind }) => kind),
      ...codeChecks.map(({ kind }) => kind),
      ...pairKinds,
      unknownNotice,
    ].map((kind): readonly [string, FindingKind] => [kind.id, kind]),
  ).values(),
].sort((one, other) => (one.id < other.id ? -1 : 1))
