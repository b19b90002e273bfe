import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { NotChecked } from '../finding.ts'
import { display } from './display.ts'
import {
  type LocatedDocument,
  type Path,
  readDocument,
  UnreadableDocument,
} from './located-document.ts'
import { type CodeReader, codeOfFiles } from './read-code.ts'
import { resourceOf } from './resources.ts'
import { at, isFields } from './shape.ts'
import { type Resource, type Section, sections, type TenantView } from './tenant-view.ts'

/** Sections that are one object, not a list. */
const alone: readonly Section[] = ['attackProtection', 'emailProvider', 'tenant']

/**
 * Reads an export in one YAML file, or a deploy file, as deploy-cli does: its paths begin at its folder.
 *
 * @param file As it was named.
 * @throws {UnreadableDocument} when it is no YAML; the errors of the file system.
 */
export function readYamlExport(file: string): TenantView {
  const document = readDocument(display(file), readFileSync(file, 'utf8'))
  const name = display(file)
  if (!sections.some((section) => at(document.value, section) !== undefined)) {
    throw new UnreadableDocument(
      name,
      `it is no deploy file: it has none of ${sections.join(', ')}`,
    )
  }
  const code = codeOfFiles(dirname(file), display)
  const found = new Map<Section, readonly Resource[]>()
  const problems: NotChecked[] = []
  for (const section of sections) {
    const value = at(document.value, section)
    if (value === undefined || value === null) continue
    const where = document.place([section])
    if (!hasShape(section, value)) {
      problems.push({ type: 'not-checked', id: section, because: 'it is of no known shape', where })
      continue
    }
    const read = entriesOf(section, value).map((entry) => readEntry(section, entry, document, code))
    found.set(
      section,
      read.flatMap((one) => (one === null ? [] : [one.resource])),
    )
    problems.push(...read.flatMap((one) => one?.problems ?? []))
    if (!read.includes(null)) continue
    problems.push({ type: 'not-checked', id: section, because: 'an entry is no object', where })
  }
  return {
    origin: 'file',
    section: (section) => found.get(section),
    because: (section) => `${name} has no ${section}${shapeless(section, problems)}`,
    problems,
  }
}

function shapeless(section: Section, problems: readonly NotChecked[]): string {
  return problems.some(({ id }) => id === section) ? ' of a known shape' : ''
}

/** What is written for another version of deploy-cli is not guessed at. */
function hasShape(section: Section, value: unknown): boolean {
  return alone.includes(section) || section === 'triggers' ? isFields(value) : Array.isArray(value)
}

function readEntry(
  section: Section,
  { entry, path, inner }: Entry,
  document: LocatedDocument,
  code: CodeReader,
): ReturnType<typeof resourceOf> {
  const inFile = (rest: Path) => [...path, ...(inner === undefined ? rest : rest.slice(1))]
  return resourceOf(section, entry, {
    code,
    place: (rest) => document.place(inFile(rest)),
    codePlace: (rest) => document.codePlace(inFile(rest)),
  })
}

interface Entry {
  readonly entry: unknown
  readonly path: readonly (number | string)[]
  /** The member that the file does not have: the bindings of a trigger are the value itself. */
  readonly inner?: string
}

function entriesOf(name: Section, value: unknown): readonly Entry[] {
  if (name === 'triggers') return triggersOf(value)
  if (alone.includes(name)) {
    const isEmpty = isFields(value) && Object.keys(value).length === 0
    return isEmpty ? [] : [{ entry: value, path: [name] }]
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  return list.map((entry, index) => ({ entry, path: [name, index] }))
}

function triggersOf(value: unknown): readonly Entry[] {
  return Object.entries(isFields(value) ? value : {}).map(([trigger, bindings]) => ({
    entry: { name: trigger, bindings },
    path: ['triggers', trigger],
    inner: 'bindings',
  }))
}
