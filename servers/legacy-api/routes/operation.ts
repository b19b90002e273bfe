import type { Database } from '../database.ts'

export interface OperationContext {
  readonly database: Database
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** One operation of the contract. The token has been checked for `scope` when `handle` is called. */
export interface Operation {
  readonly method: 'DELETE' | 'GET' | 'POST' | 'PUT'
  /** `x-scope` of the contract. */
  readonly scope: string
  readonly handle: (request: Request, context: OperationContext) => Promise<Response>
}
