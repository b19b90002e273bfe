import type { Finding, Outcome, Place } from '../finding.ts'
import { checks } from './checks/all-checks.ts'
import type { Check, Sighting } from './checks/check.ts'
import { type Code, type ImportedNode, readCode } from './code/code.ts'
import type { Language } from './code/parse.ts'
import type { CodeKind } from './code/roles.ts'

/**
 * What is wrong in a piece of code. Nothing is run, and nothing of it is quoted.
 *
 * @param place Of the code: a `line` is the one of the file that its first line is on.
 * @param kind What Auth0 runs it as.
 */
export function inspectCode(code: string, place: Place, kind: CodeKind): readonly Outcome[] {
  return inspect(code, place, kind, 'jsx')
}

/** The other files of an application. */
export interface Surroundings {
  readonly imported?: ImportedNode
  /** Called with what was parsed. */
  readonly onCode?: (code: Code) => void
}

/** @param kind null: told by the shape of the code. */
export function inspect(
  text: string,
  place: Place,
  kind: CodeKind | null,
  language: Language,
  { imported, onCode }: Surroundings = {},
): readonly Outcome[] {
  try {
    const code = readCode(text, language, kind, imported)
    if ('because' in code) return [{ type: 'not-checked', id: 'parse', where: place, ...code }]
    onCode?.(code)
    return findingsOf(code, place)
  } catch (error) {
    // Generated code may be nested deeper than the stack: no reason to give up the other files.
    if (!(error instanceof RangeError)) throw error
    const because = 'it may be nested too deeply to parse'
    return [{ type: 'not-checked', id: 'parse', because, where: place }]
  }
}

function findingsOf(code: Code, place: Place): readonly Finding[] {
  const found = checks
    .filter((check) => check.in.includes(code.kind))
    .flatMap((check) => check.find(code).map((one) => findingOf(code, place, check, one)))
  const offset = ({ where }: Finding) => (where.line ?? 0) * 1e6 + (where.column ?? 0)
  return unique(found).toSorted((a, b) => offset(a) - offset(b))
}

export function findingOf(
  code: Code,
  place: Place,
  { kind }: Pick<Check, 'kind'>,
  { node, what, severity }: Sighting,
): Finding {
  const { line, column } = positionOf(code, node.start)
  const where = placeOf(place, line, column)
  return {
    type: 'finding',
    kind,
    what: place.file === undefined ? `${what.replace(/\.$/, '')} (line ${line}).` : what,
    where,
    ...(severity === undefined ? {} : { severity }),
  }
}

/** Where code begins in the middle of a file it is indented, nobody knows how far. */
function placeOf(place: Place, line: number, column: number): Place {
  if (place.file === undefined) return place
  if (place.line === undefined) return { ...place, line, column }
  return { ...place, line: place.line + line - 1 }
}

function positionOf({ text, shift }: Code, offset: number): { line: number; column: number } {
  const at = Math.max(0, offset - shift)
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
}

function unique(findings: readonly Finding[]): readonly Finding[] {
  const key = ({ kind, what, where }: Finding) =>
    [kind.id, where.line, where.column, what].join('|')
  return [...new Map(findings.map((one) => [key(one), one])).values()]
}
