import { open, readFile, rename, rm } from 'node:fs/promises'
import type { JWK } from 'jose'
import { z } from 'zod'
import type { Activity } from './activity.ts'
import type { DeployClient } from './new-tenant.ts'
import type { TenantState } from './state.ts'
import { type StoredMaps, storedMaps, toMaps, toStored } from './stored-maps.ts'

/** What of a tenant outlives its process, besides its resources. */
interface SavedIdentity {
  /** The issuer goes by it, and so does every token. */
  readonly port: number
  /** Both halves. */
  readonly signingKey: JWK
  readonly deployClient: DeployClient
}

export interface SavedTenant extends SavedIdentity {
  /** Less what a tenant of an older version of this program did not have. */
  readonly state: Partial<TenantState>
  readonly activity: Partial<Activity>
}

/**
 * What people are in the middle of, or a restart would log everybody out; and whose guesses are
 * counted, or it would lift every block; and which assertions were used, for they are good for once.
 */
const savedActivity = [
  'failedLogins',
  'passwordTickets',
  'pendingImports',
  'refreshTokens',
  'sessions',
  'suspendedLogins',
  'usedAssertions',
  'userinfoGrants',
] as const

const fileShape = z.object({
  version: z.literal(1),
  port: z.int().min(1).max(65_535),
  signingKey: z.looseObject({ kty: z.literal('RSA'), n: z.string(), e: z.string(), d: z.string() }),
  deployClient: z.object({ client_id: z.string(), client_secret: z.string() }),
  state: storedMaps,
  activity: storedMaps,
})

/** A state file that cannot be used. Its message says what to do, and nothing of what is in it. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError'
  readonly code: 'state_file_corrupt' | 'state_file_mismatch'

  constructor(code: StateFileError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/**
 * @returns Null when there is no such file.
 * @throws {StateFileError} `state_file_corrupt`; the file stays as it is.
 */
export async function readStateFile(path: string): Promise<SavedTenant | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const { success, data, error } = fileShape.safeParse(parsed(text))
  if (!success) {
    throw damaged(path, error.issues[0]?.path.slice(0, 2).join('.') || 'the whole of it')
  }
  // That every resource has the members of its type is taken on trust: this program wrote them.
  return { ...data, state: toMaps(data.state), activity: toMaps(data.activity) }
}

/** @param where In the file. */
export function damaged(path: string, where: string): StateFileError {
  const message = `The state file ${path} is damaged, or is no tenant's (${where}). Put back a copy, or move it away to start with an empty tenant.`
  return new StateFileError('state_file_corrupt', message)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** @returns What `readStateFile` reads. */
export function stateText(
  { port, signingKey, deployClient }: SavedIdentity,
  state: TenantState,
  activity: Activity,
): string {
  const stored: Readonly<Record<string, StoredMaps>> = {
    state: toStored(Object.entries(state)),
    activity: toStored(savedActivity.map((name) => [name, activity[name]])),
  }
  return JSON.stringify({ version: 1, port, signingKey, deployClient, ...stored })
}

/** The maps whose changes are worth writing. */
export function savedMaps(state: TenantState, activity: Activity): readonly Map<string, unknown>[] {
  const values = [...Object.values(state), ...savedActivity.map((name) => activity[name])]
  return values.filter((value) => value instanceof Map)
}

/**
 * Takes the place of the file in one step, so that whoever reads it finds the old text or the new
 * one, whatever becomes of this process. For its owner only: there are keys in it.
 */
export async function writeStateFile(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`
  await rm(draft, { force: true })
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
}
