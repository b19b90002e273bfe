import type { Database, Sql } from './database.ts'

/**
 * One entry, one version; entries are added and never changed. `collate "C"` makes order and
 * comparison bytewise whatever locale the server was set up with.
 */
const versions: readonly (readonly string[])[] = [
  [
    `create table legacy_users (
      legacy_id text collate "C" primary key,
      email text not null,
      email_verified boolean not null,
      username text,
      phone_number text,
      phone_verified boolean,
      name text,
      given_name text,
      family_name text,
      nickname text,
      picture text,
      blocked boolean,
      app_metadata jsonb not null,
      user_metadata jsonb not null,
      mfa_factors jsonb,
      mfa_required boolean,
      password_hash text,
      custom_password_hash jsonb,
      migrated_at timestamptz,
      auth0_user_id text collate "C",
      migrated_metadata text check (migrated_metadata in ('complete', 'too-large', 'not-found')),
      check (num_nulls(password_hash, custom_password_hash) >= 1),
      check (num_nulls(migrated_at, auth0_user_id, migrated_metadata) in (0, 3))
    )`,
    // Finds one PBKDF2 hash without a scan: see passwords.ts.
    `create index legacy_users_pbkdf2 on legacy_users (legacy_id)
      where custom_password_hash ->> 'algorithm' = 'pbkdf2'`,
    // What a user may type, lower-cased by us: lower() would follow the server's locale. Two users
    // may share one, hence the key.
    `create table legacy_identifiers (
      identifier text collate "C",
      legacy_id text collate "C" not null references legacy_users on delete cascade,
      primary key (identifier, legacy_id)
    )`,
    'create index legacy_identifiers_legacy_id on legacy_identifiers (legacy_id)',
    `create table sign_in_attempts (
      identifier_sha256 text collate "C" primary key,
      tries integer not null,
      window_ends_at timestamptz not null
    )`,
    'create index sign_in_attempts_window on sign_in_attempts (window_ends_at)',
  ],
]

/** Any number, as long as it is ours: instances that start at the same time wait for each other on it. */
const migrationLock = 4_127_310_002

/** Brings the schema up to date, in one transaction. */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.query('select pg_advisory_xact_lock($1::bigint)', [migrationLock])
    await sql.query('create table if not exists legacy_api_schema (version integer primary key)')
    const current = await currentVersion(sql)
    for (const [index, statements] of versions.entries()) {
      if (index < current) continue
      for (const statement of statements) await sql.query(statement)
      await sql.query('insert into legacy_api_schema (version) values ($1)', [index + 1])
    }
  })
}

async function currentVersion(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ version: number }>(
    'select coalesce(max(version), 0) as version from legacy_api_schema',
  )
  return row?.version ?? 0
}
