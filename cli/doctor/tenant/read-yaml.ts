import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { NotChecked } from '../finding.ts'
import { display } from './display.ts'
import { type Path, readDocument } from './located-document.ts'
import { codeOfFiles } from './read-code.ts'
import { type ResourceOrigin, resourceOf } from './resources.ts'
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
  const folder = dirname(file)
  const code = codeOfFiles(folder, display)
  const found = new Map<Section, readonly Resource[]>()
  const problems: NotChecked[] = []
  for (const name of sections) {
    const value = at(document.value, name)
    if (value === undefined || value === null) continue
    const entries = entriesOf(name, value).map(({ entry, path, inner }) => {
      const inFile = (rest: Path) => [...path, ...(inner === undefined ? rest : rest.slice(1))]
      const origin: ResourceOrigin = {
        code,
        place: (rest) => document.place(inFile(rest)),
        codePlace: (rest) => document.codePlace(inFile(rest)),
      }
      return resourceOf(name, entry, origin)
    })
    found.set(
      name,
      entries.flatMap((one) => (one === null ? [] : [one.resource])),
    )
    problems.push(...entries.flatMap((one) => one?.problems ?? []))
  }
  return {
    origin: 'file',
    section: (name) => found.get(name),
    because: (name) => `${display(file)} has no ${name}`,
    problems,
  }
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
