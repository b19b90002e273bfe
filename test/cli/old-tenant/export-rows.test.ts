import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { faultOfRow } from '../../../cli/import/checks/legacy-row.ts'
import { readRow } from '../../../cli/import/mapping/read-row.ts'
import { exportRows } from '../../../cli/old-tenant/export-rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'export-rows-'))
const connection = 'people'
const everything = { appMetadata: 'all', userMetadata: 'all' } as const

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function profile(id: string, more: object = {}) {
  return {
    user_id: `auth0|${id}`,
    email: `${id}@old.example`,
    email_verified: true,
    app_metadata: { plan: 'pro', notes: 'internal' },
    user_metadata: { locale: 'de' },
    identities: [{ provider: 'auth0', connection, user_id: id, isSocial: false }],
    ...more,
  }
}

async function rowsOf(
  users: readonly object[],
  options: Partial<Parameters<typeof exportRows>[1]> = {},
  cut = 0,
) {
  const file = join(folder, 'export.ndjson.gz')
  const packed = gzipSync(users.map((user) => `${JSON.stringify(user)}\n`).join(''))
  writeFileSync(file, packed.subarray(0, packed.length - cut))
  const given = { connection, carried: everything, hashOf: () => undefined, ...options }
  const handle = await open(file)
  const lines = await text(exportRows(handle, given)).finally(() => handle.close())
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('exportRows: makes of a user what a legacy API would send, with the hash of their own id', async () => {
  const hashOf = (id: string) => (id === 'b' ? '$2b$10$of-b' : undefined)
  const [first, second] = await rowsOf([profile('a'), profile('b')], { hashOf })
  expect(first).toEqual({
    legacy_id: 'a',
    email: 'a@old.example',
    email_verified: true,
    blocked: false,
    app_metadata: { plan: 'pro', notes: 'internal' },
    user_metadata: { locale: 'de' },
    migrated_at: null,
  })
  expect(second).toMatchObject({ legacy_id: 'b', password_hash: '$2b$10$of-b' })
})

test('exportRows: leaves users of other connections behind, whatever their provider', async () => {
  const elsewhere = [{ provider: 'auth0', connection: 'staff', user_id: 's', isSocial: false }]
  const social = [{ provider: 'google-oauth2', connection, user_id: '1', isSocial: true }]
  const users = [
    profile('s', { identities: elsewhere }),
    profile('g', { user_id: 'google-oauth2|1', identities: social }),
    profile('a'),
  ]
  expect((await rowsOf(users)).map(({ legacy_id }) => legacy_id)).toEqual(['a'])
})

test('exportRows: of a linked account it is the identity of the connection that comes, not the primary one', async () => {
  const identities = [
    { provider: 'google-oauth2', connection: 'google-oauth2', user_id: '77', isSocial: true },
    {
      ...{ provider: 'auth0', connection, user_id: 'own', isSocial: false },
      profileData: { email: 'own@old.example', email_verified: false, name: 'Own Name' },
    },
  ]
  const linked = profile('x', { user_id: 'google-oauth2|77', email: 'g@mail.example', identities })
  expect(await rowsOf([linked])).toMatchObject([
    { legacy_id: 'own', email: 'own@old.example', email_verified: false, name: 'Own Name' },
  ])
})

test('exportRows: carries the keys of metadata that the config names, and a block', async () => {
  const carried = { appMetadata: ['plan'], userMetadata: [] }
  expect(await rowsOf([profile('a', { blocked: true })], { carried })).toMatchObject([
    { app_metadata: { plan: 'pro' }, user_metadata: {}, blocked: true },
  ])
  expect((await rowsOf([profile('a')], { carried }))[0]?.app_metadata).toEqual({ plan: 'pro' })
})

test('exportRows: says of whoever has moved when that was, so that they are not sent again', async () => {
  const app_metadata = { moved_to_new_tenant: { migrated_at: '2026-11-20T10:00:00Z' } }
  expect(await rowsOf([profile('a', { app_metadata })])).toMatchObject([
    { migrated_at: '2026-11-20T10:00:00Z', app_metadata: {} },
  ])
})

test('exportRows: a profile that nobody can read as one user stays as it is, for the dead letters', async () => {
  const twins = ['a', 'b'].map((user_id) => ({ provider: 'auth0', connection, user_id }))
  const ambiguous = profile('a', { identities: twins })
  expect(await rowsOf([ambiguous])).toEqual([ambiguous])
})

for (const [why, more, reason, says] of [
  [
    'two accounts in one profile',
    { identities: ['a', 'b'].map((user_id) => ({ provider: 'auth0', connection, user_id })) },
    'accounts_ambiguous',
    'Unlink them in the old tenant',
  ],
  [
    'a note that somebody spoilt',
    { app_metadata: { moved_to_new_tenant: 'yes' } },
    'moved_note_invalid',
    'npx migration unmark',
  ],
  [
    'a note of a move without its time',
    { app_metadata: { moved_to_new_tenant: { migrated_at: null } } },
    'moved_note_invalid',
    'npx migration unmark',
  ],
  ['metadata that are no object', { app_metadata: [] }, 'contract_broken', 'of another type'],
  ['a username in the place of an address', { email: undefined }, 'email_invalid', 'e-mail'],
] as const) {
  test(`exportRows: ${why} is a dead letter that names the cause`, async () => {
    const [row] = await rowsOf([profile('a', more)])
    const rules = { format: 'legacy-api', profile: { connection, idPrefix: '' } } as const
    const prepared = readRow(JSON.stringify(row), {
      ...{ ...rules, at: '2026-11-21T00:00:00.000Z', withoutPasswords: true },
      ...{ dropForbiddenKeys: false, dropLargeMetadata: false },
    })
    const fault = 'fault' in prepared ? prepared.fault : faultOfRow(prepared.row)
    expect(fault).toEqual({ reason, message: expect.stringContaining(says) })
    expect(fault?.message).not.toContain('@old.example')
  })
}

test('exportRows: an export without a single user of the connection is a connection misnamed', async () => {
  await expect(rowsOf([profile('a')], { connection: 'peple' })).rejects.toMatchObject({
    code: 'old_tenant_unfit',
    message:
      'None of the 1 users of the old tenant is in peple: is OLD_TENANT_CONNECTION right? Nothing was sent.',
  })
  expect(await rowsOf([])).toEqual([])
})

test('exportRows: a file that is cut off is an error, and no short list of users', async () => {
  const users = Array.from({ length: 500 }, (_, index) => profile(`user-${index}`))
  for (const cut of [1, 9, 400]) {
    await expect(rowsOf(users, {}, cut), `${cut} bytes`).rejects.toMatchObject({
      code: expect.stringMatching(/^source_(cut_off|invalid)$/),
    })
  }
})
