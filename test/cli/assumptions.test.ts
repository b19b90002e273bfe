import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../cli/demo/world.ts'
import { probes } from '../../cli/probe/probes.ts'

type Row = readonly string[]

/** Rows of the tables whose first column has this heading. */
function rowsOf(heading: string): readonly Row[] {
  const rows: Row[] = []
  let table = ''
  for (const line of readFileSync(join(projectRoot, 'docs/assumptions.md'), 'utf8').split('\n')) {
    if (!line.startsWith('|')) {
      table = ''
      continue
    }
    const cells = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim())
    if (table === '') table = cells[0] ?? ''
    else if (table === heading && !/^-+$/.test(cells[0] ?? '')) rows.push(cells)
  }
  return rows
}

const probed = rowsOf('probed')
const notProbed = rowsOf('not probed')

test('assumptions: every probe has its row, in its words and order, and every row its probe', () => {
  const rows = probed.map(([id, assumption]) => ({ id, assumption }))
  expect(rows).toEqual(probes.map(({ id, assumption }) => ({ id: `\`${id}\``, assumption })))
})

test('assumptions: a row without a probe says why', () => {
  expect(notProbed.length).toBeGreaterThan(0)
  for (const [id, , , , because] of notProbed) expect(because, id).toMatch(/\w{3}/)
})

test('assumptions: every row has a safe reading, and names what there is', () => {
  for (const [id, , reading = '', where = ''] of [...probed, ...notProbed]) {
    expect(reading, id).not.toBe('')
    const paths = [...where.matchAll(/`([^`\s]+)`/g)].map(([, path = '']) => path)
    expect(paths.length, id).toBeGreaterThan(0)
    expect(
      paths.filter((path) => !existsSync(join(projectRoot, path))),
      id,
    ).toEqual([])
  }
})

test('assumptions: every file of a probe is one that runs', () => {
  const files = readdirSync(join(projectRoot, 'cli/probe/rows'), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.ts'))
  expect(files.map((file) => file.replace(/^.*[/\\]|\.ts$/g, '')).sort()).toEqual(
    probes.map(({ id }) => id).sort(),
  )
})

/** Comments of the model, each as one line. */
function commentsOf(file: string): readonly string[] {
  const source = readFileSync(join(projectRoot, file), 'utf8')
  const comments = source.matchAll(/\/\*\*[\s\S]*?\*\/|(?:^[ \t]*\/\/.*\n)+/gm)
  return [...comments].map(([text]) => text.replace(/\n\s*(?:\*|\/\/)\s?/g, ' '))
}

const modelFiles = ['actions-testing', 'servers/tenant'].flatMap((room) =>
  readdirSync(join(projectRoot, room), { recursive: true })
    .map((file) => `${room}/${String(file)}`)
    .filter((file) => file.endsWith('.ts')),
)
const ids = new Set([...probed, ...notProbed].map(([id = '']) => id.replaceAll('`', '')))

test('assumptions: where the model says that the docs are silent, it names a row', () => {
  const silent =
    /docs (?:do not (?:say|print)|(?:give|print|say) no)|not documented|docs are silent|is an assumption/
  const found = modelFiles.flatMap((file) =>
    commentsOf(file).flatMap((comment) => (silent.test(comment) ? [{ file, comment }] : [])),
  )
  expect(found.length).toBeGreaterThan(5)
  const unnamed = found.filter(({ comment }) => !/assumptions?,? `[a-z0-9-]+`/.test(comment))
  expect(unnamed).toEqual([])
})

test('assumptions: every row that the model names is there', () => {
  const named = modelFiles.flatMap((file) =>
    commentsOf(file).flatMap((comment) =>
      [...comment.matchAll(/assumptions?,? ((?:`[a-z0-9-]+`(?:, )?)+)/g)].flatMap(([, list = '']) =>
        [...list.matchAll(/`([^`]+)`/g)].map(([, id = '']) => id),
      ),
    ),
  )
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((id) => !ids.has(id))).toEqual([])
})
