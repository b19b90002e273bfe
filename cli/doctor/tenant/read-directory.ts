import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { NotChecked, Place } from '../finding.ts'
import { display } from './display.ts'
import { hideKeywords, showKeywords } from './keywords.ts'
import { type Path, readDocument, UnreadableDocument } from './located-document.ts'
import { codeOfFiles } from './read-code.ts'
import { resourceOf } from './resources.ts'
import { isFields } from './shape.ts'
import { type Resource, type Section, sections, type TenantView } from './tenant-view.ts'

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

/**
 * Reads an export in a folder, as deploy-cli does. A file is parsed once for its values, and once more
 * where the place of one is asked for: most never are.
 *
 * @param folder As it was named.
 * @throws {UnreadableDocument} when it is no export; the errors of the file system.
 * @param report Called with the number of files read so far.
 */
export function readDirectoryExport(
  folder: string,
  report: (files: number) => void = () => {},
): TenantView {
  if (!sections.some((section) => existsSync(join(folder, places[section])))) {
    const wanted = Object.values(places).join(', ')
    throw new UnreadableDocument(display(folder), `it is no export: it has none of ${wanted}`)
  }
  const found = new Map<Section, readonly Resource[]>()
  const problems: NotChecked[] = []
  let files = 0
  for (const section of sections) {
    if (!existsSync(join(folder, places[section]))) continue
    const resources: Resource[] = []
    for (const file of filesOf(folder, section)) {
      files += 1
      report(files)
      const read = readResources(folder, section, file)
      resources.push(...read.resources)
      problems.push(...read.problems)
    }
    found.set(section, resources)
  }
  return {
    origin: 'file',
    section: (name) => found.get(name),
    because: (name) => `${display(folder)} has no ${places[name]}`,
    problems,
  }
}

interface Read {
  readonly resources: readonly Resource[]
  readonly problems: readonly NotChecked[]
}

function readResources(folder: string, section: Section, file: string): Read {
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
    const problems = read.flatMap((one) => one.problems)
    if (read.length === 0 && section !== 'emailProvider') problems.push(unread('it is no object'))
    return { resources: read.map(({ resource }) => resource), problems }
  } catch (error) {
    const because = error instanceof UnreadableDocument ? error.message : 'it cannot be read'
    return { resources: [], problems: [unread(because)] }
  }
}

function filesOf(folder: string, section: Section): readonly string[] {
  const place = join(folder, places[section])
  if (place.endsWith('.json')) return [place]
  const names = readdirSync(place).sort()
  if (section === 'databases') {
    return names
      .map((name) => join(place, name, 'database.json'))
      .filter((file) => existsSync(file))
  }
  return names
    .filter((name) => name.endsWith('.json') && name !== 'provider.json')
    .map((name) => join(place, name))
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
