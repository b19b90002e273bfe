import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Auth0Tenant } from '../../../cli/auth0-tenant.ts'
import { changedSecrets, digestSecrets, reshown } from '../../../cli/publish/digests.ts'
import {
  nobody,
  type PublishRecord,
  publishedBy,
  recordIn,
  writeRecord,
} from '../../../cli/publish/record.ts'

/** A tenant of one application, whose metadata PATCH merges or replaces: nobody says which. */
function tenantWith(metadata: Record<string, string>, merges: boolean) {
  let current = metadata
  const tenant = {
    async manage(method: string, _: string, body?: unknown) {
      const given = (body as { client_metadata?: Record<string, string> } | undefined)
        ?.client_metadata
      if (method === 'PATCH') current = merges ? { ...current, ...given } : { ...given }
      return { status: 200, body: { client_metadata: current }, headers: new Headers() }
    },
  } as unknown as Auth0Tenant
  return { tenant, metadata: () => current }
}

const record = fc.record({
  phase: fc.constantFrom('lazy' as const, 'off' as const, 'complete' as const),
  since: fc.constant('2026-11-21T08:00:00.000Z'),
  digests: fc.dictionary(fc.stringMatching(/^[a-z-]{1,40}$/), fc.stringMatching(/^[\w-]{8,64}$/), {
    maxKeys: 8,
  }),
})

test('writeRecord: what is written is read, after any earlier record, whether PATCH merges or replaces', async () => {
  await fc.assert(
    fc.asyncProperty(record, record, fc.boolean(), async (first, second, merges) => {
      const { tenant, metadata } = tenantWith({ theirs: 'stays' }, merges)
      for (const one of [first, second] as PublishRecord[]) {
        await writeRecord(tenant, 'id', one)
        expect(recordIn({ metadata: metadata() })).toEqual({ ...one, digests: { ...one.digests } })
      }
      expect(metadata().theirs).toBe('stays')
      for (const value of Object.values(metadata())) expect(value.length).toBeLessThanOrEqual(255)
    }),
    { numRuns: 60 },
  )
})

test('writeRecord: keeps who has published last, until another has or nobody is known', async () => {
  const { tenant, metadata } = tenantWith({}, true)
  const one: PublishRecord = { phase: 'lazy', since: '2026-11-21T08:00:00.000Z', digests: {} }
  const last = async (written: PublishRecord) => {
    await writeRecord(tenant, 'id', written)
    return recordIn({ metadata: metadata() })?.published
  }
  const host = `a machine ${'x'.repeat(300)}`
  const published = publishedBy({ at: one.since, host, id: 'abc123' })
  expect(published).toMatch(/^2026-11-21T08:00:00\.000Z a-machine-x+ abc123$/)
  expect(published.length).toBeLessThanOrEqual(255)
  expect(await last({ ...one, published })).toBe(published)
  expect(await last({ ...one, phase: 'off' })).toBe(published)
  expect(await last({ ...one, published: nobody })).toBeUndefined()
})

test('writeRecord: refuses where others’ keys leave no room, and keeps theirs', async () => {
  const theirs = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`key${at}`, 'theirs']))
  const { tenant, metadata } = tenantWith(theirs, true)
  const written = writeRecord(tenant, 'id', { phase: 'lazy', since: '2026-11-21', digests: {} })
  await expect(written).rejects.toMatchObject({ code: 'metadata_full' })
  expect(metadata()).toEqual(theirs)
})

test('recordIn: takes one that is torn for one that knows no value', () => {
  const metadata = { migration_phase: 'off', migration_phase_since: '2026-11-21T08:00:00Z' }
  expect(recordIn({ metadata })).toMatchObject({ phase: 'off', digests: {} })
  const torn = { ...metadata, migration_digests_1: '2/1:{"a":"b', migration_digests_2: '3/2:"}' }
  expect(recordIn({ metadata: torn })).toMatchObject({ digests: {} })
  expect(recordIn({ metadata: { migration_phase: 'soon' } })).toBeNull()
})

const secrets = fc.dictionary(fc.constantFrom('A', 'B', 'C', 'D'), fc.string(), { minKeys: 1 })

test('changedSecrets: names exactly those whose values differ', () => {
  fc.assert(
    fc.property(secrets, secrets, fc.string(), (before, more, key) => {
      const names = Object.keys(before)
      const after = Object.fromEntries(
        names.map((name) => [name, more[name] ?? before[name] ?? '']),
      )
      const differing = names.filter((name) => before[name] !== after[name]).sort()
      const one = digestSecrets(key, 'holder', before, 'shown')
      expect(changedSecrets(one, digestSecrets(key, 'holder', after, 'shown'), names)).toEqual(
        differing,
      )
    }),
  )
})

test('changedSecrets: names all where the tenant shows that somebody else has set one, and where nothing is known', () => {
  const values = { A: '1', B: '2' }
  const before = digestSecrets('key', 'holder', values, 'Monday')
  const after = digestSecrets('key', 'holder', values, 'Tuesday')
  expect(changedSecrets(before, after, ['A', 'B'])).toEqual(['A', 'B'])
  expect(changedSecrets(undefined, after, ['A', 'B'])).toEqual(['A', 'B'])
  expect(changedSecrets(reshown('key', 'holder', before, 'Tuesday'), after, ['A', 'B'])).toEqual([])
  expect(before).not.toBe(digestSecrets('another key', 'holder', values, 'Monday'))
})
