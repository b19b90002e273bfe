import { activeMigrations } from './active.ts'
import type { Migration } from './migration.ts'
import { migrationsOf2016 } from './of-2016.ts'
import { pastMigrations } from './past.ts'

/** Every change of Auth0's platform that the doctor knows: the six of 2016, the active, the past. */
export const migrations: readonly Migration[] = [
  ...activeMigrations,
  ...migrationsOf2016,
  ...pastMigrations,
]

const byName: ReadonlyMap<string, Migration> = new Map(
  migrations.map((migration) => [migration.id, migration]),
)

export function findMigration(name: string): Migration | undefined {
  return byName.get(name)
}

/** @throws {Error} A name that is not in the table: a fault of ours. */
export function migrationNamed(name: string): Migration {
  const migration = findMigration(name)
  if (migration === undefined) throw new Error(`There is no migration ${name}.`)
  return migration
}
