/**
 * What is kept of an import. No e-mail address, no hash, no name: ids, and where a row stands in its
 * source.
 */
export const schemaVersion = 1

export const schema = `
create table if not exists import_run (
  name text primary key,
  value text not null
) without rowid;

create table if not exists sources (
  source integer primary key,
  name text not null unique
);

create table if not exists jobs (
  job integer primary key,
  source integer not null references sources,
  -- Of the last try; none before the first.
  external_id text unique,
  state text not null check (state in ('prepared', 'sending', 'sent', 'ended')),
  -- Of Auth0, once it has answered.
  job_id text,
  users integer not null,
  bytes integer not null,
  -- Milliseconds: sent_at by this clock, created_at by Auth0's.
  sent_at integer,
  created_at integer,
  ended_at integer,
  -- How it ended: completed, failed, gone (after 24 hours, or never found), lost (nobody knows).
  how text
);

create table if not exists users (
  -- Without auth0|.
  user_id text primary key,
  legacy_id text not null,
  job integer not null references jobs,
  line integer not null,
  offset integer not null,
  bytes integer not null,
  -- Null while the job goes on.
  outcome text check (outcome in
    ('inserted', 'updated', 'already_migrated', 'failed', 'requeued', 'undone')),
  reason text,
  mark text check (mark in ('marked', 'not_found', 'conflict'))
) without rowid;

create index if not exists users_by_job on users (job);
create index if not exists users_by_outcome on users (outcome) where outcome is not null;

create table if not exists assignments (
  user_id text primary key,
  -- SHA-256 of the roles and organizations that were asked for.
  digest text not null
) without rowid;

-- The one process that works on this file.
create table if not exists holder (
  one integer primary key check (one = 1),
  nonce text not null,
  pid integer not null,
  host text not null,
  beat_at integer not null
);
`
