import { countUsers } from '../counts.ts'
import type { Operation } from './operation.ts'

/** GET /v1/migration */
export const countMigration: Operation = {
  method: 'GET',
  scope: 'read:legacy_users',
  handle: async (_request, { database }) => Response.json(await countUsers(database)),
}
