import { dirname, join } from 'node:path/posix'
import { type ModuleImport, readModule } from './module-imports.ts'

/** What the modules of a room may import. A room that ends in bundles has no `import()` either. */
interface Room {
  /** Rooms, its own among them where its files may import one another. */
  readonly rooms: readonly string[]
  /** Rooms of which it may import types. */
  readonly types?: readonly string[]
  readonly node?: boolean
  /** npm packages; absent: whatever package.json names. */
  readonly packages?: readonly string[]
  readonly bundled?: boolean
}

const entry: Room = {
  rooms: ['core', 'runtimes', 'migration.config.ts'],
  packages: ['jose'],
  bundled: true,
}

/** The map of the rooms. `servers` are two rooms: neither knows of the other. */
const map: Readonly<Record<string, Room>> = {
  core: { rooms: ['core'], packages: ['jose'], bundled: true },
  runtimes: {
    rooms: ['core', 'runtimes'],
    types: ['actions-testing/types'],
    packages: ['jose'],
    bundled: true,
  },
  actions: entry,
  rules: entry,
  'old-tenant': entry,
  databases: entry,
  'migration.config.ts': { rooms: [], types: ['core'], packages: [], bundled: true },
  build: {
    rooms: ['build', 'core'],
    node: true,
    packages: ['acorn', 'auth0-deploy-cli', 'esbuild', 'yaml', 'zod'],
  },
  'actions-testing/types': { rooms: ['actions-testing/types'], packages: [] },
  'actions-testing': {
    rooms: ['actions-testing', 'actions-testing/types'],
    node: true,
    packages: ['piscina'],
  },
  'servers/legacy-api': { rooms: ['servers/legacy-api'], node: true },
  'servers/tenant': {
    rooms: ['servers/tenant', 'actions-testing', 'actions-testing/types'],
    node: true,
  },
  // The demo starts both servers and runs what it has built.
  cli: {
    rooms: ['cli', 'core', 'build', 'servers/legacy-api', 'servers/tenant', 'actions-testing'],
    types: ['actions-testing/types'],
    node: true,
  },
  bench: {
    rooms: [
      'bench',
      'cli',
      'core',
      'build',
      'actions-testing',
      'servers/legacy-api',
      'servers/tenant',
    ],
    types: ['actions-testing/types'],
    node: true,
  },
  'vitest.config.ts': { rooms: [], packages: ['vitest'], node: true },
}

/** Entry files are read by path: by the build, and by tests. */
const entryRooms = ['actions', 'rules', 'old-tenant', 'databases']

/** Where what is imported is known at run time only: the config is built before it is read. */
const computedImports = ['build/migration-config.ts']

const defaultExports = ['migration.config.ts', 'vitest.config.ts']

/** Everything in a module that the map of the rooms or the rules for files do not allow. */
export function violationsOf(file: string, source: string): readonly string[] {
  const { imports, defaultExport, barrel } = readModule(file, source)
  return [
    ...imports.flatMap((one) => violationOf(file, one)),
    ...(defaultExport && !defaultExports.includes(file) ? ['exports by default'] : []),
    ...(barrel ? ['is a barrel: it only hands on what others export'] : []),
    ...nameViolations(file),
  ]
}

/** `servers/tenant/users/find-user.ts` is in `servers/tenant`, `migration.config.ts` is a room itself. */
export function roomOf(file: string): string {
  const [first = '', second = '', third] = file.split('/')
  if (third === undefined && second === '') return first
  if (first === 'actions-testing') return second === 'types' ? 'actions-testing/types' : first
  if (first === 'servers') return third === undefined ? first : `${first}/${second}`
  return first === 'test' ? 'test' : first
}

function violationOf(file: string, { specifier, typeOnly, dynamic }: ModuleImport): string[] {
  const from = roomOf(file)
  // Tests look into every room. Which ones is a matter of their folder's name, not of a rule.
  const room = from === 'test' ? testRoomOf(file) : map[from]
  if (room === undefined) return [`is in ${from}, which is no room of the map`]
  if (specifier === null) {
    return computedImports.includes(file) ? [] : ['imports something that is computed']
  }
  if (dynamic && room.bundled === true) return [`imports ${specifier} when it runs`]
  const what = `imports ${typeOnly ? 'types of ' : ''}${specifier}`
  if (specifier.startsWith('.')) {
    const to = roomOf(join(dirname(file), specifier))
    return room.rooms.includes(to) || (typeOnly && room.types?.includes(to) === true) ? [] : [what]
  }
  if (specifier.startsWith('node:')) return room.node === true ? [] : [what]
  const scoped = /^(@[^/]+\/[^/]+|[^/@#.][^/:]*)(\/|$)/.exec(specifier)?.[1]
  if (scoped === undefined) return [what]
  return room.packages === undefined || room.packages.includes(scoped) ? [] : [what]
}

/**
 * The tests of a server know that server and nothing of the kit, as the server does: what they show
 * then holds for any other that keeps the contract.
 */
function testRoomOf(file: string): Room {
  const [, room, server] = file.split('/')
  const rooms =
    room === 'servers'
      ? (map[`servers/${server}`]?.rooms ?? [])
      : [...entryRooms, ...Object.keys(map)]
  return { rooms: ['test', ...rooms], node: true }
}

function nameViolations(file: string): readonly string[] {
  const drawers = ['common', 'helper', 'helpers', 'shared', 'util', 'utils']
  const words = file.replace(/\.[a-z]+$/, '').split(/[/.\-_]/)
  return [
    ...words.filter((word) => drawers.includes(word)).map((word) => `is called ${word}`),
    ...(/(^|\/)index\.[a-z]+$/.test(file) ? ['is called index'] : []),
  ]
}
