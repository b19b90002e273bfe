import { fetch } from 'undici'
import { CommandError } from '../command.ts'

/** Milliseconds. */
const requestTimeout = 15_000

export interface Sent {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** @returns Null when there was no answer. @throws {CommandError} `interrupted`. */
export async function send(
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string },
  signal: AbortSignal,
): Promise<Sent | null> {
  try {
    const timeout = AbortSignal.timeout(requestTimeout)
    const response = await fetch(url, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.any([signal, timeout]),
    })
    const [contentType = ''] = (response.headers.get('content-type') ?? '').toLowerCase().split(';')
    return { status: response.status, contentType: contentType.trim(), body: await response.text() }
  } catch (cause) {
    if (signal.aborted) throw new CommandError('interrupted', 'Interrupted.', { cause })
    return null
  }
}
