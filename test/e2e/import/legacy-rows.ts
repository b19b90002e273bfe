/** A row of the legacy store's export, and what is to become of it. */
export interface LegacyRow {
  readonly id: string
  /** The line as it is sent. */
  readonly line: string
  /** The line as it should have been. */
  readonly mended: string
  readonly fate: Fate
}

export type Fate =
  | { readonly type: 'dead'; readonly reason: string }
  /** A record that no API shows is in the way. */
  | { readonly type: 'hidden' }
  | { readonly type: 'imported' }
  /** Marked in the legacy store. */
  | { readonly type: 'marked' }
  /** Somebody who signed up has the address. */
  | { readonly type: 'taken' }
  /** In Auth0 before the import. */
  | { readonly type: 'there' }

type Row = Readonly<Record<string, unknown>>

/** One of each: what is wrong, and how a good row gets there. */
const mistakes: readonly (readonly [reason: string, spoil: (row: Row) => unknown])[] = [
  ['app_metadata_invalid', (row) => ({ ...row, app_metadata: ['a'] })],
  ['blocked_invalid', (row) => ({ ...row, blocked: 'no' })],
  [
    'custom_password_hash_invalid',
    (row) => ({ ...row, password_hash: null, custom_password_hash: { algorithm: 'rot13' } }),
  ],
  ['email_invalid', (row) => ({ ...row, email: 'nobody' })],
  ['email_invalid', (row) => ({ ...row, email: null })],
  ['email_verified_invalid', (row) => ({ ...row, email_verified: 1 })],
  ['legacy_id_invalid', (row) => ({ ...row, legacy_id: 7 })],
  ['metadata_key_forbidden', (row) => ({ ...row, user_metadata: { 'a.b': 1 } })],
  ['mfa_factors_invalid', (row) => ({ ...row, mfa_factors: [{ totp: { secret: 'abc' } }] })],
  ['password_hash_invalid', (row) => ({ ...row, password_hash: '$2b$12$tooManyRounds' })],
  ['password_hash_missing', (row) => ({ ...row, password_hash: null })],
  ['phone_number_invalid', (row) => ({ ...row, phone_number: '030 123' })],
  ['profile_too_large', (row) => ({ ...row, user_metadata: { notes: 'n'.repeat(600_000) } })],
  ['profile_too_large', (row) => ({ ...row, app_metadata: { notes: '🧡'.repeat(2_600) } })],
  ['row_not_an_object', (row) => [row]],
  ['row_not_json', (row) => `${JSON.stringify(row).slice(0, -9)}`],
  ['text_invalid', (row) => ({ ...row, nickname: ['x'] })],
  [
    'two_password_hashes',
    (row) => ({ ...row, custom_password_hash: { algorithm: 'md5', hash: { value: 'ff' } } }),
  ],
  ['user_metadata_invalid', (row) => ({ ...row, user_metadata: 'none' })],
]

const names = [
  'Zoë Å. Ødegård',
  'Иван Петров',
  '山田 太郎',
  'Ana 👩‍👩‍👧 "Quote" O’Neil',
  'عمر',
  'I\u0307stanbul',
]

/** Of every hundred rows one each; the others are imported. */
const fates: Readonly<Record<number, Fate>> = {
  11: { type: 'there' },
  12: { type: 'marked' },
}

/**
 * @param hash bcrypt, of everybody's password.
 * @param random From 0 to 1.
 */
export function legacyRows(
  count: number,
  hash: string,
  random: () => number,
): readonly LegacyRow[] {
  const rows: LegacyRow[] = []
  for (let number = 1; number <= count; number += 1) {
    const id = `${number}`
    const row = goodRow(id, hash, random)
    const fate = fateOf(number)
    const mended = JSON.stringify(row)
    if (fate.type === 'marked') {
      const line = JSON.stringify({ ...row, migrated_at: '2026-01-02T03:04:05Z' })
      rows.push({ id, line, mended: line, fate })
    } else rows.push({ id, line: mended, mended, fate })
  }
  spoilSome(rows)
  pairUp(rows)
  return rows
}

function fateOf(number: number): Fate {
  // A few, far apart.
  if (number % 2_000 === 13) return { type: 'hidden' }
  if (number % 2_000 === 14) return { type: 'taken' }
  return fates[number % 100] ?? { type: 'imported' }
}

/** Every mistake a few times, over the whole of the file. */
function spoilSome(rows: LegacyRow[]): void {
  const step = Math.floor(rows.length / (mistakes.length * 3))
  for (let mistake = 0; mistake < mistakes.length * 3; mistake += 1) {
    const at = mistake * step + 50 - ((mistake * step) % 100)
    const [reason = '', spoil = () => null] = mistakes[mistake % mistakes.length] ?? []
    const row = rows[at]
    if (row?.fate.type !== 'imported') continue
    const spoilt = spoil(JSON.parse(row.mended))
    const line = typeof spoilt === 'string' ? spoilt : JSON.stringify(spoilt)
    rows[at] = { ...row, line, fate: { type: 'dead', reason } }
  }
}

/** Rows that share an address, in another case, or an id. Nobody can tell whose it is: both are dead. */
function pairUp(rows: LegacyRow[]): void {
  for (const [one, other, reason] of [
    [70, 5_070, 'duplicate_email'],
    [72, 73, 'duplicate_email'],
    [75, 9_075, 'duplicate_user_id'],
  ] as const) {
    const [first, second] = [rows[one], rows[other]]
    if (first === undefined || second === undefined) continue
    const original = JSON.parse(first.mended) as Row
    const row = JSON.parse(second.mended) as Row
    const same =
      reason === 'duplicate_email'
        ? { email: String(original.email).toUpperCase() }
        : { legacy_id: original.legacy_id }
    rows[one] = { ...first, fate: { type: 'dead', reason } }
    rows[other] = {
      ...second,
      line: JSON.stringify({ ...row, ...same }),
      fate: { type: 'dead', reason },
    }
  }
}

function goodRow(id: string, hash: string, random: () => number): Row {
  const name = names[Math.floor(random() * names.length)] ?? ''
  return {
    legacy_id: id,
    email: `Person.${id}@Legacy.example`,
    email_verified: random() < 0.5,
    name,
    given_name: name.split(' ')[0],
    blocked: random() < 0.01,
    app_metadata: { plan: random() < 0.2 ? 'gold' : 'free', notes: '✓'.repeat(random() * 60) },
    user_metadata: { locale: 'pt-BR', motto: `${name} ${'🎉'.repeat(random() * 10)}` },
    migrated_at: null,
    password_hash: hash,
  }
}
