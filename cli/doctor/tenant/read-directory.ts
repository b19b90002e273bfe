import { existsSync, opendirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { NotChecked, Place } from '../finding.ts'
import { codeOf } from '../source/source-files.ts'
import { display } from './display.ts'
import { hideKeywords, showKeywords } from './keywords.ts'
import { type Path, readDocument, UnreadableDocument } from './located-document.ts'
import { codeOfFiles, factsOf } from './read-code.ts'
import { resourceOf } from './resources.ts'
import { isFields } from './shape.ts'
import { type Resource, type Section, sections, type TenantSource } from './tenant-view.ts'

/** Where deploy-cli puts what; what ends in .json is one file, the rest folders of them. */
const places: Readonly<Record<Section, string>> = {
  actions: 'actions',
  attackProtection: 'attack-protection/breached-password-detection.json',
  clientGrants: 'grants',
  clients: 'clients',
  connections: 'connections',
  databases: 'database-connections',
  emailProvider: 'emails/provider.json',
  emailTemplates: 'emails',
  hooks: 'hooks',
  organizations: 'organizations',
  pages: 'pages',
  resourceServers: 'resource-servers',
  rules: 'rules',
  tenant: 'tenant.json',
  triggers: 'triggers/triggers.json',
}

/** Bytes. A resource of Auth0 is far from it. */
const maxFileBytes = 5_000_000

/**
 * Reads an export in a folder, as deploy-cli does: a file when it is its turn, and again where the place
 * of a value is asked for. Nothing is held but the names of the files of one section.
 *
 * @param folder As it was named.
 * @throws {UnreadableDocument} when it is no export.
 */
export function readDirectoryExport(folder: string): TenantSource {
  const closed = new Map<Section, string>()
  const there = sections.filter((section) => {
    const place = join(folder, places[section])
    const reason = existsSync(place) && !place.endsWith('.json') ? whyClosed(place) : null
    if (reason !== null) closed.set(section, reason)
    return reason === null && existsSync(place)
  })
  if (there.length + closed.size === 0) {
    const wanted = Object.values(places).join(', ')
    throw new UnreadableDocument(display(folder), `it is no export: it has none of ${wanted}`)
  }
  return {
    origin: 'file',
    entries: (section) => (there.includes(section) ? entriesIn(folder, section) : undefined),
    because: (section) =>
      `${display(folder)} has no ${places[section]}${closed.get(section) ?? ''}`,
    problems: [],
  }
}

/** Null where a folder can be listed. */
function whyClosed(place: string): string | null {
  try {
    opendirSync(place).closeSync()
    return null
  } catch (error) {
    return ` that can be read (${codeOf(error)})`
  }
}

function* entriesIn(folder: string, section: Section): Generator<NotChecked | Resource> {
  for (const file of filesOf(folder, section)) yield* readEntries(folder, section, file)
}

function readEntries(
  folder: string,
  section: Section,
  file: string,
): readonly (NotChecked | Resource)[] {
  const unread = (because: string): NotChecked => ({
    type: 'not-checked',
    id: section,
    because,
    where: { file: display(file) },
  })
  try {
    const code = codeOfFiles(codeFolder(folder, section, file), display)
    const read = entriesOf(section, parsed(file)).flatMap(({ entry, prefix, dropped }) => {
      const place = (path: Path) => placeIn(file, [...prefix, ...path.slice(dropped)])
      return resourceOf(section, entry, { code, place, codePlace: () => null }) ?? []
    })
    return read.length === 0 && section !== 'emailProvider' ? [unread('it is no object')] : read
  } catch (error) {
    return [unread(error instanceof UnreadableDocument ? error.message : 'it cannot be read')]
  }
}

function* filesOf(folder: string, section: Section): Generator<string> {
  const place = join(folder, places[section])
  if (place.endsWith('.json')) {
    yield place
    return
  }
  for (const name of readdirSync(place).sort()) {
    const file = join(place, section === 'databases' ? `${name}/database.json` : name)
    const isResource = section === 'databases' ? existsSync(file) : name.endsWith('.json')
    if (isResource && name !== 'provider.json') yield file
  }
}

/** What deploy-cli takes the path of code for: it differs from one section to the next. */
function codeFolder(folder: string, section: Section, file: string): string {
  return section === 'actions' ? folder : dirname(file)
}

interface Entry {
  readonly entry: unknown
  /** What a path in the file begins with. */
  readonly prefix: Path
  /** How many members of a path the file does not have. */
  readonly dropped: number
}

function entriesOf(section: Section, value: unknown): readonly Entry[] {
  if (section === 'triggers') {
    return Object.entries(isFields(value) ? value : {}).map(([name, bindings]) => ({
      entry: { name, bindings },
      prefix: [name],
      dropped: 1,
    }))
  }
  if (section === 'attackProtection') {
    return [{ entry: { breachedPasswordDetection: value }, prefix: [], dropped: 1 }]
  }
  const isEmpty = section === 'emailProvider' && isFields(value) && Object.keys(value).length === 0
  return isEmpty ? [] : [{ entry: value, prefix: [], dropped: 0 }]
}

/** Most files are plain JSON, which Node parses a hundred times as fast. */
function parsed(file: string): unknown {
  const { size, isFile } = factsOf(file)
  if (!isFile) throw new UnreadableDocument(display(file), 'it is no file')
  if (size > maxFileBytes) throw new UnreadableDocument(display(file), 'it is over 5 MB')
  const text = readFileSync(file, 'utf8')
  try {
    const hidden = hideKeywords(text)
    return hidden === text ? JSON.parse(text) : showKeywords(JSON.parse(hidden))
  } catch {
    return readDocument(display(file), text).value
  }
}

function placeIn(file: string, path: Path): Place {
  try {
    return readDocument(display(file), readFileSync(file, 'utf8')).place(path)
  } catch {
    return { file: display(file) }
  }
}
