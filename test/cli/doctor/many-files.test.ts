import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { foundBy, runDoctor } from './run-doctor.ts'

/** Enough that reading them takes longer than the doctor goes without a look at Ctrl-C. */
const many = 6_000

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-many-'))
  mkdirSync(join(folder, 'export/organizations'), { recursive: true })
  mkdirSync(join(folder, 'src'))
  for (let number = 0; number < many; number += 1) {
    const organization = { name: `org-${number}`, connections: [], display_name: 'x'.repeat(200) }
    const file = join(folder, `export/organizations/${number}.json`)
    writeFileSync(file, JSON.stringify(organization))
    writeFileSync(join(folder, `src/${number}.js`), `const auth0 = ${number}\n`)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

const inputs: readonly (readonly [what: string, args: (folder: string) => readonly string[]])[] = [
  ['a directory export', (root) => [join(root, 'export')]],
  ['sources', (root) => ['--source', join(root, 'src')]],
]

for (const [what, args] of inputs) {
  test(`doctor: a Ctrl-C while ${what} is read ends it, before the end`, async () => {
    const interruption = new AbortController()
    let last = 0
    const run = runDoctor(args(folder), {
      signal: interruption.signal,
      onStep: ({ what: doing, done }) => {
        if (doing === 'checked' || doing === 'scanned') last = done
        interruption.abort()
      },
    })
    await expect(run).rejects.toMatchObject({ code: 'interrupted', exitStatus: 1 })
    expect(last).toBeLessThan(many)
  })

  test(`doctor: ${what} of many files is read to the last, with progress`, async () => {
    const { steps } = await runDoctor(args(folder))
    expect(steps.at(-1)).toMatchObject({ done: many })
    expect(steps.length).toBeGreaterThanOrEqual(many)
  })
}

test('doctor: a finding in the last of many files is found, with its line', async () => {
  const file = join(folder, 'export/organizations/zzz.json')
  mkdirSync(join(folder, 'export/database-connections/people'), { recursive: true })
  writeFileSync(
    join(folder, 'export/database-connections/people/database.json'),
    JSON.stringify({ name: 'people', options: { enabledDatabaseCustomization: true } }),
  )
  const connections = [{ name: 'people', assign_membership_on_login: false }]
  writeFileSync(file, JSON.stringify({ name: 'zzz', connections }, null, 2))
  const { findings } = foundBy(await runDoctor([join(folder, 'export')]))
  expect(findings).toContainEqual(
    expect.objectContaining({
      id: 'organization-members-locked-out',
      where: expect.objectContaining({ line: 4, resource: 'organization zzz' }),
    }),
  )
})
