import { createHmac } from 'node:crypto'
import { createLocalJWKSet, type JWK, jwtVerify } from 'jose'
import type { Activity } from './activity.ts'
import {
  type ConfigurationCipher,
  createConfigurationCipher,
} from './management/configuration-cipher.ts'
import { type DeployClient, newDeployClient, newTenantState } from './new-tenant.ts'
import { type Saver, saveChanges } from './save-changes.ts'
import { createSigningKeys, newPrivateKey, type SigningKeys } from './signing-keys.ts'
import type { TenantState } from './state.ts'
import {
  damaged,
  readStateFile,
  type SavedTenant,
  StateFileError,
  savedMaps,
  stateText,
  writeStateFile,
} from './state-file.ts'

/** What a tenant begins with: the keys and resources of a file, or new ones. */
export interface Beginning {
  /** 0: any. */
  readonly port: number
  /** Both halves, for the file. */
  readonly signingKey: JWK
  readonly keys: SigningKeys
  /** Of the same key, so that what was shown before a restart is known after it. */
  readonly cipher: ConfigurationCipher
  readonly deployClient: DeployClient
  readonly saved: SavedTenant | null
}

interface Wanted {
  readonly port?: number
  readonly deployClient?: DeployClient
  readonly stateFile?: string
}

/** @throws {StateFileError} For a file that is damaged, or is of a tenant of another port or client. */
export async function beginning(wanted: Wanted): Promise<Beginning> {
  const saved = wanted.stateFile === undefined ? null : await readStateFile(wanted.stateFile)
  if (saved === null) {
    const { port = 0, deployClient = newDeployClient() } = wanted
    const signingKey = await newPrivateKey()
    const keys = await createSigningKeys(signingKey)
    return { port, deployClient, signingKey, keys, cipher: cipherOf(signingKey), saved }
  }
  const { port, deployClient, signingKey } = saved
  if (wanted.port !== undefined && wanted.port !== 0 && wanted.port !== port) {
    throw mismatch(
      `was saved on port ${port}, which its issuer names: start it there, or on port 0`,
    )
  }
  if (wanted.deployClient && wanted.deployClient.client_id !== deployClient.client_id) {
    throw mismatch('has another deploy client: leave deployClient out')
  }
  const keys = await keysOf(signingKey).catch(() => {
    throw damaged(wanted.stateFile ?? '', 'signingKey')
  })
  return { port, deployClient, signingKey, keys, cipher: cipherOf(signingKey), saved }
}

/** @throws {Error} For halves that do not belong together. */
async function keysOf(signingKey: JWK): Promise<SigningKeys> {
  const keys = await createSigningKeys(signingKey)
  const proof = await keys.sign({}, { now: Date.now(), lifetime: 60 })
  await jwtVerify(proof, createLocalJWKSet(keys.jwks))
  return keys
}

function cipherOf({ d = '' }: JWK): ConfigurationCipher {
  return createConfigurationCipher(createHmac('sha256', d).update('configuration').digest())
}

function mismatch(why: string): StateFileError {
  return new StateFileError('state_file_mismatch', `The tenant of the state file ${why}.`)
}

/** The resources of a beginning; what the file does not know is as in a new tenant. */
export function stateOf({ deployClient, saved }: Beginning, issuer: string): TenantState {
  return { ...newTenantState(issuer, deployClient), ...saved?.state }
}

/** Keeps the file up to date from now on, and writes it once at the start. */
export async function keepSaved(
  file: string,
  { deployClient, signingKey }: Beginning,
  port: number,
  tenant: { readonly state: TenantState; readonly activity: Activity },
): Promise<Saver> {
  const { state, activity } = tenant
  const write = () =>
    writeStateFile(file, stateText({ port, deployClient, signingKey }, state, activity))
  await write()
  return saveChanges(savedMaps(state, activity), write)
}
