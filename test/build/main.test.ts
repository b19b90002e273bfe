import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { renameSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test, vi } from 'vitest'
import { copyProject, type ProjectCopy } from './project-copy.ts'

const main = resolve('build/main.ts')
const running: ChildProcess[] = []

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || !child.kill()) continue
    await once(child, 'exit')
  }
})

function start({ root }: ProjectCopy, args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], { cwd: root })
  running.push(child)
  return child
}

async function run(project: ProjectCopy, ...args: readonly string[]) {
  const child = start(project, args)
  const [out, err, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { status, out, err }
}

test('main: builds, lists every bundle with its size, and exits 0', async () => {
  const project = copyProject()
  const { status, out, err } = await run(project)
  expect([status, err]).toEqual([0, ''])
  expect(out.trim().split('\n')).toHaveLength(8)
  expect(out).toMatch(/^dist\/actions\/copy-metadata\.js +\d+\.\d kB$/m)
  expect(Object.keys(project.dist())).toHaveLength(8)
})

test('main: says what is wrong and exits 1, in words and, with --json, for machines', async () => {
  const project = copyProject()
  project.replace('migration.config.ts', `'plan'`, `'sub'`)
  const problem = {
    code: 'config_invalid',
    subject: 'migration.config.ts: claims[0].name',
    message: 'is a name that Auth0 keeps for itself',
  }
  const [words, json] = await Promise.all([run(project), run(project, '--json')])
  expect(words).toEqual({
    status: 1,
    out: '',
    err: `${problem.subject} ${problem.message} [config_invalid]\n\nNothing was written: 1 to mend.\n`,
  })
  expect([json.status, json.err]).toEqual([1, ''])
  expect(JSON.parse(json.out)).toEqual({ bundles: [], problems: [problem] })
})

test('main: --json lists what was built', async () => {
  const project = copyProject()
  const { status, out } = await run(project, '--json')
  const { bundles, problems } = JSON.parse(out)
  const sizes = bundles.map(({ file, bytes }: { file: string; bytes: number }) => [file, bytes])
  const dist = Object.entries(project.dist()).map(([file, code]) => [`dist/${file}`, code.length])
  expect([status, problems]).toEqual([0, []])
  expect(sizes.map(([file]: [string]) => file).sort()).toEqual(dist.map(([file]) => file))
  for (const [, bytes] of sizes) expect(bytes).toBeGreaterThan(400)
})

test('main: --help prints the usage; a word or flag that it does not know is misuse, and builds nothing', async () => {
  const project = copyProject()
  const runs = await Promise.all([
    run(project, '--help'),
    run(project, '--no-such'),
    run(project, 'actions'),
    run(project, '--json=x'),
  ])
  expect(runs.map(({ status }) => status)).toEqual([0, 2, 2, 2])
  const [help, ...misuses] = runs
  expect(help?.out).toMatch(/^Usage: npm run build -- \[--watch\] \[--json\]/)
  for (const { out, err } of misuses) {
    expect(out).toBe('')
    expect(err).toContain('Usage: npm run build')
  }
  expect(project.dist()).toEqual({})
})

test('main: --watch builds again on a change, survives a mistake, and a file saved by renaming', async () => {
  const project = copyProject()
  const child = start(project, ['--watch'])
  let out = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    out += chunk
  })
  const seen = (words: string | RegExp) =>
    vi.waitFor(() => expect(out).toMatch(words), { timeout: 8_000, interval: 20 })
  const copyOf = () => project.dist()['actions/copy-metadata.js'] ?? ''
  await seen(/copy-metadata\.js +\d/)

  project.replace('core/claims.ts', 'const punctuation = 6', 'const punctuation = 1 + 6')
  await vi.waitFor(() => expect(copyOf()).toContain('punctuation = 1 + 6'), { timeout: 8_000 })

  out = ''
  project.append('actions/copy-metadata.ts', 'const a = = 1\n')
  await seen('bundle_invalid')
  expect(copyOf()).toContain('punctuation = 1 + 6')
  project.replace('actions/copy-metadata.ts', 'const a = = 1\n', '')

  for (const plan of ['plan_b', 'plan_c']) {
    const config = join(project.root, 'migration.config.ts')
    project.write('migration.config.ts.tmp', configWith(plan))
    renameSync(`${config}.tmp`, config)
    await vi.waitFor(() => expect(copyOf()).toContain(`"${plan}"`), { timeout: 8_000 })
  }
  expect(child.exitCode).toBe(null)
})

function configWith(plan: string): string {
  return `export default {
  connection: 'legacy-users',
  idPrefix: 'legacy-users|',
  backfill: { since: '2026-11-21' },
  claims: [{ name: '${plan}', path: 'app_metadata.plan', tokens: ['id'] }],
}\n`
}
