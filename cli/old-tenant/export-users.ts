import type { FileHandle } from 'node:fs/promises'
import { type Auth0Tenant, isObject, succeeded } from '../auth0-tenant.ts'
import { type CommandContext, CommandError } from '../command.ts'
import { leaveRoom, type Manage } from '../import/jobs/leave-room.ts'
import { pause } from '../pause.ts'
import { writeWhole } from '../temporary-file.ts'

/** Milliseconds between two looks at a job: the first, and the longest. */
const usualPoll = 2_000
const longestPoll = 15_000
const mostDownloads = 5

/** What the mapper of login and get_user makes a user of, and no more. */
const profileFields = [
  ...['user_id', 'email', 'email_verified', 'username', 'phone_number', 'phone_verified'],
  ...['name', 'given_name', 'family_name', 'nickname', 'picture', 'blocked', 'identities'],
  ...['app_metadata', 'user_metadata'],
]

export interface ExportOptions extends Pick<CommandContext, 'progress' | 'signal'> {
  /** Milliseconds. */
  readonly poll?: number
  /** Names of the members that are wanted. Default: what a user is made of. */
  readonly fields?: readonly string[]
}

/**
 * Has the old tenant write all its users to a file, and downloads that. Of all connections: by one of
 * them a job might leave out whoever has it as a second identity, which the documentation does not say.
 *
 * The file is given without a name, so that nothing of it is left when this process is killed.
 *
 * @param file Where to: NDJSON, gzip. Open for writing and reading.
 * @throws {CommandError} `request_failed`, `source_cut_off`, `interrupted`; as `manage` and `succeeded` do.
 * @see https://auth0.com/docs/manage-users/user-migration/bulk-user-exports
 */
export async function exportUsers(
  tenant: Auth0Tenant,
  file: FileHandle,
  { fields = profileFields, poll = usualPoll, progress, signal }: ExportOptions,
): Promise<void> {
  // Logins that migrate ask this tenant too, by the same limit: they come first.
  const manage = leaveRoom(tenant.manage, { signal })
  const body = { format: 'json', fields: fields.map((name) => ({ name })) }
  const { id } = succeeded<{ readonly id: string }>(
    await manage('POST', 'jobs/users-exports', body),
    'POST jobs/users-exports of the old tenant',
  )
  try {
    for (let tries = 1; ; tries += 1) {
      // A link is good for 60 seconds, and each look at the job gives a new one.
      const link = await awaitLink(manage, id, { poll, progress, signal })
      if (await download(tenant, link, file, signal)) return
      if (tries === mostDownloads) throw cutOff()
      await pause(poll, signal)
    }
  } finally {
    progress.end()
  }
}

async function awaitLink(
  manage: Manage,
  id: string,
  { poll = usualPoll, progress, signal }: ExportOptions,
): Promise<string> {
  for (let done = 0; ; done += 1) {
    // Of a small tenant it takes seconds, of a large one hours: a look is a request that logins may want.
    await pause(Math.min(poll * 1.5 ** done, longestPoll), signal)
    const answer = await manage('GET', `jobs/${encodeURIComponent(id)}`)
    const job = succeeded<unknown>(answer, 'GET jobs of the old tenant')
    const { location, status } = isObject(job) ? job : {}
    if (status === 'completed' && typeof location === 'string') return location
    if (status === 'failed') {
      throw new CommandError(
        'request_failed',
        'The old tenant could not export its users: its job failed. Run it again.',
      )
    }
    progress.report({
      what: 'the old tenant exports its users, looked at',
      done: done + 1,
      unit: 'times',
    })
  }
}

/** @returns False when it came not whole. No token goes along: who has the link may read. */
async function download(
  { fetch }: Auth0Tenant,
  link: string,
  file: FileHandle,
  signal: AbortSignal,
): Promise<boolean> {
  if (!/^https:\/\//i.test(link)) {
    throw new CommandError(
      'request_failed',
      'The link to the export of the old tenant is not https.',
    )
  }
  try {
    const response = await fetch(link, { signal, redirect: 'error' })
    if (!response.ok || response.body === null) return false
    await file.truncate(0)
    let position = 0
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      writeWhole(file, chunk, position)
      position += chunk.length
    }
    const length = lengthOf(response.headers)
    return length === null || position === length
  } catch (cause) {
    if (signal.aborted) throw new CommandError('interrupted', 'Interrupted. Nothing was sent.')
    // A disk that is full is not mended by downloading once more.
    const { code, syscall } = cause as NodeJS.ErrnoException
    if (syscall !== 'write' || code === 'EPIPE') return false
    const message = `The export of the old tenant cannot be kept (${code}): it takes a disk with more room.`
    throw new CommandError('file_not_writable', message, { cause })
  }
}

/** Null where nobody knows: of a file that fetch has unpacked the header says how long it was before. */
function lengthOf(headers: Headers): number | null {
  const length = headers.get('content-length')
  return length === null || headers.has('content-encoding') ? null : Number(length)
}

function cutOff(): CommandError {
  const message = `The export of the old tenant could not be downloaded, ${mostDownloads} times. Nothing was sent.`
  return new CommandError('source_cut_off', message)
}
