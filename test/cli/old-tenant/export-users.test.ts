import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import type { Auth0Tenant } from '../../../cli/auth0-tenant.ts'
import { exportedUsers } from '../../../cli/old-tenant/export-rows.ts'
import { exportUsers } from '../../../cli/old-tenant/export-users.ts'

const folder = mkdtempSync(join(tmpdir(), 'export-users-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const connection = 'people'
const identities = [{ provider: 'auth0', connection, user_id: 'a', isSocial: false }]
const line = `${JSON.stringify({ user_id: 'auth0|a', identities })}\n`
const packed = gzipSync(line)

/** An old tenant whose file lies on a storage that answers so. */
function tenantWith(answer: () => Response): { tenant: Auth0Tenant; downloads: () => number } {
  let downloads = 0
  const job = { id: 'job_1', status: 'completed', location: 'https://storage.example/file' }
  const asked = async () => ({ status: 200, body: job, headers: new Headers() })
  const fetch = async () => {
    downloads += 1
    return answer()
  }
  const tenant = { domain: 'old.example', issuer: 'https://old.example/', manage: asked, fetch }
  return { tenant: tenant as unknown as Auth0Tenant, downloads: () => downloads }
}

async function exported(answer: () => Response) {
  const { tenant, downloads } = tenantWith(answer)
  const file = await open(join(folder, 'export'), 'w+')
  try {
    const { signal } = new AbortController()
    await exportUsers(tenant, file, { poll: 1, progress, signal })
    const ids: unknown[] = []
    for await (const { profile } of exportedUsers(file, connection)) ids.push(profile.user_id)
    return { ids, downloads: downloads() }
  } finally {
    await file.close()
  }
}

const progress = { report() {}, end() {} }
const whole = { ids: ['auth0|a'], downloads: 1 }

test('exportUsers: takes a file in gzip, and one that fetch has unpacked already', async () => {
  const length = { 'content-length': String(packed.length) }
  expect(await exported(() => new Response(packed, { headers: length }))).toEqual(whole)
  // fetch unpacks what is encoded, and leaves the headers as they came.
  const headers = { ...length, 'content-encoding': 'gzip' }
  expect(await exported(() => new Response(line, { headers }))).toEqual(whole)
})

test('exportUsers: a file that is shorter than was said is no file, and is asked for again', async () => {
  const headers = { 'content-length': String(packed.length) }
  let first = true
  const answers = () => {
    const body = first ? packed.subarray(0, -5) : packed
    first = false
    return new Response(body, { headers })
  }
  expect(await exported(answers)).toEqual({ ...whole, downloads: 2 })
})
