import { extname } from 'node:path'
import type { Finding, Outcome, Place } from '../finding.ts'
import type { Language } from './code/parse.ts'
import { inspect, type Surroundings } from './inspect-code.ts'
import { addressFindings, type LibraryFinding, packageFindings } from './library-versions.ts'
import { pageScripts } from './page-scripts.ts'

/** What is found in the text of a file, by what kind of file its name says it is. */
export function inspectFile(
  name: string,
  text: string,
  place: Place,
  surroundings?: Surroundings,
): readonly Outcome[] {
  if (/(^|[/\\])(bower|package)\.json$/i.test(name)) return inspectManifest(text, place)
  const language = languageOf(name)
  if (language === null) return inspectPage(text, place, surroundings)
  return inspect(text, place, null, language, surroundings)
}

const pages = [
  ...['.htm', '.html', '.svelte', '.vue'],
  ...['.ejs', '.handlebars', '.hbs', '.liquid', '.mustache', '.njk', '.twig'],
]

/** Null for a page or a component, which has scripts of its own. */
function languageOf(name: string): Language | null {
  const extension = extname(name).toLowerCase()
  if (pages.includes(extension)) return null
  if (extension === '.tsx') return 'tsx'
  return ['.cts', '.mts', '.ts'].includes(extension) ? 'ts' : 'jsx'
}

function inspectPage(page: string, place: Place, surroundings?: Surroundings): readonly Outcome[] {
  return pageScripts(page).flatMap(({ source, text, language, line }) => {
    const where = placeAt(place, line)
    return source === null
      ? inspect(text, where, null, language, surroundings)
      : addressFindings(source).map((one) => findingAt(one, where))
  })
}

/** A page may itself begin in the middle of a file, or be in none. */
function placeAt(place: Place, line: number): Place {
  return place.file === undefined ? place : { ...place, line: (place.line ?? 1) + line - 1 }
}

const groups = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']

function inspectManifest(text: string, place: Place): readonly Outcome[] {
  const manifest = parseJson(text)
  if (manifest === undefined) {
    return [{ type: 'not-checked', id: 'parse', because: 'it is no JSON', where: place }]
  }
  return groups.flatMap((group) =>
    Object.entries(objectAt(manifest, group)).flatMap(([name, range]) =>
      typeof range === 'string'
        ? packageFindings(name, range).map((one) =>
            findingAt(one, { ...place, line: lineOf(text, group, name) }),
          )
        : [],
    ),
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function objectAt(value: unknown, key: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return {}
  const inner: unknown = (value as Record<string, unknown>)[key]
  return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {}
}

function lineOf(text: string, group: string, name: string): number {
  const start = Math.max(0, text.indexOf(`"${group}"`))
  const at = text.indexOf(`"${name}"`, start)
  return text.slice(0, Math.max(0, at)).split('\n').length
}

function findingAt({ kind, what }: LibraryFinding, where: Place): Finding {
  return { type: 'finding', kind, what, where }
}
