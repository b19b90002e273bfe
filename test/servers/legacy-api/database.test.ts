import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../../servers/legacy-api/database.ts'
import { migrate } from '../../../servers/legacy-api/schema.ts'
import { seedUsers } from '../../../servers/legacy-api/seed-users.ts'
import { findUser } from '../../../servers/legacy-api/users.ts'
import { createDatabase, databases, type TestDatabase } from './databases.ts'
import { someUser } from './users.ts'

const serverUrl = process.env.TEST_DATABASE_URL

test('legacy-api: CI runs the suite on a real PostgreSQL', () => {
  const names = databases.map(({ name }) => name)
  if (process.env.CI) expect(names, 'TEST_DATABASE_URL: see .ci/postgres').toContain('PostgreSQL')
  expect(names).toContain('PGlite')
})

describe.each(databases)('database on $name', (kind) => {
  let opened: TestDatabase
  beforeAll(async () => {
    opened = await kind.open()
  })
  afterAll(() => opened.close())
  const versions = () => opened.database.query('select version from legacy_api_schema')

  test('openDatabase: migrates again without harm', async () => {
    const { database } = opened
    const user = someUser()
    await seedUsers(database, [user])
    await migrate(database)
    await Promise.all([migrate(database), migrate(database)])
    expect(await versions()).toEqual([{ version: 1 }])
    expect(await findUser(database, user.legacy_id)).toMatchObject({ email: user.email })
  })

  test('transaction: is rolled back, and the next one works', async () => {
    const { database } = opened
    const failing = database.transaction(async (sql) => {
      await sql.query('insert into legacy_api_schema (version) values (99)')
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await seedUsers(database, [someUser()])
    expect(await versions()).toEqual([{ version: 1 }])
  })
})

test('openDatabase: a data folder is there again after closing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'legacy-api-'))
  const dataDir = join(folder, 'not', 'there', 'yet')
  const user = someUser()
  const first = await openDatabase({ dataDir })
  await seedUsers(first, [user])
  await first.close()
  const second = await openDatabase({ dataDir })
  expect(await findUser(second, user.legacy_id)).toMatchObject({ email: user.email })
  await second.close()
  await rm(folder, { recursive: true })
})

if (serverUrl) {
  test('openDatabase: eight instances may start at once on one PostgreSQL', async () => {
    const { url, drop } = await createDatabase(serverUrl)
    const opened = await Promise.all(Array.from({ length: 8 }, () => openDatabase({ url })))
    const [first] = opened
    expect(await first?.query('select version from legacy_api_schema')).toEqual([{ version: 1 }])
    await Promise.all(opened.map((database) => database.close()))
    await drop()
  })
}

test('openDatabase: a server that is not there rejects', async () => {
  await expect(openDatabase({ url: 'postgres://127.0.0.1:1/x' })).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  })
})
