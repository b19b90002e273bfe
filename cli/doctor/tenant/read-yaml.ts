import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { NotChecked, Place } from '../finding.ts'
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
import { type Resource, type Section, sections, type TenantSource } from './tenant-view.ts'

/** Bytes. With every value’s place a file takes some thirty times its size in memory. */
const maxFileBytes = 20_000_000

/** Sections that are one object, not a list. */
const alone: readonly Section[] = ['attackProtection', 'emailProvider', 'tenant']

/**
 * Reads an export in one YAML file, or a deploy file, as deploy-cli does: its paths begin at its folder.
 *
 * @param file As it was named.
 * @throws {UnreadableDocument} when it is no YAML that deploy-cli would take; the errors of the file system.
 */
export function readYamlExport(file: string): TenantSource {
  const name = display(file)
  refuseTooMuch(file)
  const document = readDocument(name, readFileSync(file, 'utf8'))
  if (!sections.some((section) => at(document.value, section) !== undefined)) {
    throw new UnreadableDocument(
      name,
      `it is no deploy file: it has none of ${sections.join(', ')}`,
    )
  }
  const line = document.repeatedName()
  if (line !== null) {
    throw new UnreadableDocument(name, `an object has a name twice (line ${line})`)
  }
  const code = codeOfFiles(dirname(file), display)
  const there = sections.filter((section) => (at(document.value, section) ?? null) !== null)
  const shapeless = there.filter((section) => !hasShape(section, at(document.value, section)))
  return {
    origin: 'file',
    entries: (section) =>
      there.includes(section) && !shapeless.includes(section)
        ? entriesIn(section, document, code)
        : undefined,
    because: (section) =>
      `${name} has no ${section}${shapeless.includes(section) ? ' of a known shape' : ''}`,
    problems: shapeless.map((section) =>
      unread(section, 'it is of no known shape', document.place([section])),
    ),
  }
}

function refuseTooMuch(file: string): void {
  const facts = statSync(file)
  if (facts.isCharacterDevice()) throw new UnreadableDocument(display(file), 'it is no file')
  if (facts.size <= maxFileBytes) return
  const advice = 'export it in the format directory, which is read a file at a time'
  throw new UnreadableDocument(display(file), `it is over 20 MB: ${advice}`)
}

function* entriesIn(
  section: Section,
  document: LocatedDocument,
  code: CodeReader,
): Generator<NotChecked | Resource> {
  for (const entry of entriesOf(section, at(document.value, section))) {
    const read = readEntry(section, entry, document, code)
    yield read ?? unread(section, 'an entry is no object', document.place(entry.path))
  }
}

function unread(id: Section, because: string, where: Place): NotChecked {
  return { type: 'not-checked', id, because, where }
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
): Resource | null {
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
