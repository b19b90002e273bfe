import { expect, test } from 'vitest'
import { csvColumns, rowOfCells } from '../../../../cli/import/mapping/csv-mapping.ts'

const header = ['id', 'mail', 'ok', 'plan', 'seats', 'tags', 'algo', 'hash']
const mapping = {
  legacy_id: 'id',
  email: 'mail',
  email_verified: 'ok',
  'app_metadata.billing.plan': 'plan',
  'app_metadata.seats': { column: 'seats', as: 'number' },
  'user_metadata.tags': { column: 'tags', as: 'json' },
  'custom_password_hash.algorithm': 'algo',
  'custom_password_hash.hash.value': 'hash',
}

test('csvColumns: a mapping says what columns mean, and into which objects they go', () => {
  const cells = ['1042', 'a@b.example', 'N', 'gold', '7', '["x"]', 'argon2', '$argon2id']
  expect(rowOfCells(cells, csvColumns(header, mapping), 8)).toEqual({
    row: {
      ...{ legacy_id: '1042', email: 'a@b.example', email_verified: false },
      app_metadata: { billing: { plan: 'gold' }, seats: 7 },
      user_metadata: { tags: ['x'] },
      custom_password_hash: { algorithm: 'argon2', hash: { value: '$argon2id' } },
    },
  })
})

test('csvColumns: a member of an object keeps its place, whichever column comes first', () => {
  const mapping = {
    ...{ legacy_id: 'id', 'app_metadata.plan': 'plan', app_metadata: 'all' },
    'app_metadata.of.a': 'a',
  }
  const columns = csvColumns(['id', 'plan', 'all', 'a'], mapping)
  const cells = ['7', 'gold', '{"plan":"free","since":2019}', 'x']
  expect(rowOfCells(cells, columns, 4)).toEqual({
    row: { legacy_id: '7', app_metadata: { plan: 'gold', since: 2019, of: { a: 'x' } } },
  })
})

test('csvColumns: an empty cell is a member that is not there', () => {
  const cells = ['1042', 'a@b.example', '', '', '', '', '', '']
  expect(rowOfCells(cells, csvColumns(header, mapping), 8)).toEqual({
    row: { legacy_id: '1042', email: 'a@b.example' },
  })
})

for (const [why, cells, member] of [
  ['a truth', ['1', 'a', 'perhaps', '', '', '', '', ''], 'email_verified is no boolean'],
  ['a number', ['1', 'a', '', '', 'seven', '', '', ''], 'app_metadata.seats is no number'],
  ['a number but spaces', ['1', 'a', '', '', ' ', '', '', ''], 'app_metadata.seats is no number'],
  ['JSON', ['1', 'a', '', '', '', '[', '', ''], 'user_metadata.tags is no json'],
] as const) {
  test(`rowOfCells: a cell that is not ${why} is named by its member, not by what is in it`, () => {
    const message = `the cell of ${member}`
    expect(rowOfCells(cells, csvColumns(header, mapping), 8)).toEqual({
      fault: { reason: 'csv_cell_invalid', message },
    })
  })
}

for (const [why, names, given, message] of [
  ['a column that is not there', ['id'], { legacy_id: 'ID' }, 'the CSV has no column ID'],
  ['a member that nobody knows', ['id'], { legacy_id: 'id', shoes: 'id' }, 'shoes is no member'],
  ['a way to a prototype', ['id'], { 'app_metadata.__proto__.a': 'id' }, 'is no member of a user'],
  [
    'a type that nobody knows',
    ['id'],
    { legacy_id: { column: 'id', as: 'date' } },
    'has to be a column',
  ],
  ['no id', ['mail'], { email: 'mail' }, 'no column is legacy_id'],
  [
    'a column twice, which in a CSV without a header is an address',
    ['1', 'a@b.example', 'a@b.example'],
    undefined,
    'the columns 2 and 3 of the CSV have the same name',
  ],
  ['a list', ['id'], ['id'], 'has to be a JSON object'],
] as const) {
  test(`csvColumns: refuses ${why}, before any row is read`, () => {
    expect(() => csvColumns(names, given)).toThrow(
      expect.objectContaining({
        code: 'setting_invalid',
        message: expect.stringContaining(message),
      }),
    )
  })
}
