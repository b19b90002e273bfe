import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'

const sources = ['actions', 'core', 'databases', 'runtimes', 'migration.config.ts', 'tenant.yaml']

/** A copy of what is built, in a folder of its own, to be spoilt at will. */
export interface ProjectCopy {
  readonly root: string
  readonly write: (file: string, text: string) => void
  /** Replaces `part`, which has to be there, once. */
  readonly replace: (file: string, part: string | RegExp, by: string) => void
  readonly append: (file: string, text: string) => void
  readonly remove: (file: string) => void
  /** Everything in dist/: file and text. */
  readonly dist: () => Readonly<Record<string, string>>
}

const copies: string[] = []

afterEach(() => {
  for (const root of copies.splice(0)) rmSync(root, { recursive: true, force: true })
})

export function copyProject(): ProjectCopy {
  const root = mkdtempSync(join(tmpdir(), 'build-test-'))
  copies.push(root)
  for (const source of sources) cpSync(source, join(root, source), { recursive: true })
  const read = (file: string) => readFileSync(join(root, file), 'utf8')
  const write = (file: string, text: string) => writeFileSync(join(root, file), text)
  return {
    root,
    write,
    replace(file, part, by) {
      const before = read(file)
      const after = before.replace(part, by)
      if (after === before) throw new Error(`${file} does not hold ${part}`)
      write(file, after)
    },
    append: (file, text) => write(file, `${read(file)}${text}`),
    remove: (file) => rmSync(join(root, file), { recursive: true }),
    dist: () =>
      Object.fromEntries(
        filesIn(join(root, 'dist')).map((file) => [file, read(join('dist', file))] as const),
      ),
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name).slice(folder.length + 1))
      .sort()
  } catch {
    return []
  }
}
