import type { FindingKind } from '../finding.ts'
import { migrationNamed } from '../migrations/find-migration.ts'

/** Something that is said of a library of Auth0 by its version. */
export interface LibraryFinding {
  readonly kind: FindingKind
  readonly what: string
}

type Library = 'auth0-js' | 'auth0-lock' | 'auth0-lock-passwordless'

/** Packages whose repositories Auth0 has closed. */
const retired = ['@auth0/cordova', 'angular-auth0', 'express-oauth2-bearer']

const analytics: readonly LibraryFinding[] = [
  { kind: migrationNamed('auth0-analytics'), what: 'Uses auth0-analytics.js.' },
]

/** What is wrong with a package of npm or Bower in the newest version that its range allows. */
export function packageFindings(name: string, range: string): readonly LibraryFinding[] {
  const real = /^npm:(@?[^@]+)@/.exec(range)?.[1] ?? name
  if (retired.includes(real)) {
    return [
      {
        kind: migrationNamed('retired-sdks'),
        what: `Depends on ${real}, which is not maintained.`,
      },
    ]
  }
  if (real === 'auth0-analytics.js') return analytics
  const library = libraryOf(real)
  const major = library === null ? null : highestMajor(range)
  return library === null || major === null ? [] : versionFindings(library, major)
}

function libraryOf(name: string): Library | null {
  const known: Readonly<Record<string, Library>> = {
    'auth0-js': 'auth0-js',
    'auth0-lock': 'auth0-lock',
    'auth0-lock-passwordless': 'auth0-lock-passwordless',
    'auth0.js': 'auth0-js',
  }
  return Object.hasOwn(known, name) ? (known[name] ?? null) : null
}

function versionFindings(library: Library, major: number): readonly LibraryFinding[] {
  const what = `Uses ${library} ${major}.`
  const least: Readonly<Record<Library, number>> = {
    'auth0-js': 9,
    'auth0-lock': 11,
    'auth0-lock-passwordless': Number.POSITIVE_INFINITY,
  }
  return [
    ...(library === 'auth0-lock' && major < 9
      ? [{ kind: migrationNamed('vulnerable-password-flow'), what }]
      : []),
    ...(major < least[library] ? [{ kind: migrationNamed('legacy-lock-api'), what }] : []),
  ]
}

/** The highest major version that a range lets in; null where it has no upper end, or is no range. */
export function highestMajor(range: string): number | null {
  const plain = range
    .replace(/^npm:@?[^@]+@/, '')
    .replace(/^.*#(semver:)?/, '')
    .trim()
  const majors = plain.split('||').map(highestOf)
  return majors.includes(null) ? null : Math.max(...majors.map(Number))
}

function highestOf(range: string): number | null {
  const below = /<\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(range)
  if (below !== null) {
    const [, major = '0', minor = '0', patch = '0'] = below
    return Number(minor) + Number(patch) > 0 ? Number(major) : Number(major) - 1
  }
  const upTo = /(?:<=\s*|\s-\s+)v?(\d+)/.exec(range)
  if (upTo !== null) return Number(upTo[1])
  const exact = /^\s*[\^~=]?\s*v?(\d+)(?:[.\s-]|$)/.exec(range)
  return exact === null ? null : Number(exact[1])
}

/** The address of a script: of Auth0’s CDN, or of one that serves npm. */
export function addressFindings(address: string): readonly LibraryFinding[] {
  const served = /\/(?:npm\/|ajax\/libs\/)?(auth0-(?:js|lock(?:-passwordless)?))[@/]v?(\d+)\./.exec(
    address,
  )
  if (served !== null) return versioned(served[1], served[2])
  if (!/^(https?:)?\/\/cdn\.auth0\.com\//i.test(address)) return []
  if (/\/js\/analytics\//.test(address)) return analytics
  const lock = /\/js\/(lock(?:-passwordless)?)[-/]v?(\d+)/.exec(address)
  if (lock !== null) return versioned(`auth0-${lock[1]}`, lock[2])
  const script = /\/(?:w2|js)\/auth0[-/]v?(\d+)/.exec(address)
  if (script !== null) return versioned('auth0-js', script[1])
  // The Login Widget is what Lock was called before its version 6.
  const widget = /\/w2\/auth0-widget-(\d+)/.exec(address)
  return widget === null ? [] : versioned('auth0-lock', widget[1])
}

function versioned(name = '', major = ''): readonly LibraryFinding[] {
  const library = libraryOf(name)
  return library === null ? [] : versionFindings(library, Number(major))
}
