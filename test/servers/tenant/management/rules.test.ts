import { afterAll, beforeAll, expect, test } from 'vitest'
import { type StartedTenant, startedTenant } from '../started-tenant.ts'

let old: StartedTenant
beforeAll(async () => {
  const script = 'function (user, context, callback) { callback(null, user, context) }'
  old = await startedTenant({
    oldRules: {
      rules: [
        { name: 'one', script },
        { name: 'two', script, enabled: false },
      ],
      configuration: { KEY: 'a value' },
    },
  })
})
afterAll(() => old.close())

test('GET /rules: lists the Rules of a tenant of before in their order, and their configuration by name', async () => {
  const { body } = await old.call('GET', '/rules?include_totals=true')
  expect(body).toMatchObject({
    total: 2,
    rules: [
      { name: 'one', order: 1, enabled: true, stage: 'login_success' },
      { name: 'two', order: 2, enabled: false },
    ],
  })
  expect((await old.call('GET', '/rules?enabled=false')).body).toMatchObject([{ name: 'two' }])
  expect((await old.call('GET', '/rules-configs')).body).toEqual([{ key: 'KEY' }])
})

test('rules: their source is read-only, and they can be switched, ordered and removed', async () => {
  const [{ id, script }] = (await old.call('GET', '/rules')).body
  const refused = [
    await old.call('POST', '/rules', { name: 'new', script }),
    await old.call('PATCH', `/rules/${id}`, { script: `${script} ` }),
  ]
  expect(refused.map(({ status }) => status)).toEqual([403, 403])
  expect((await old.call('PATCH', `/rules/${id}`, { enabled: false, script })).body).toMatchObject({
    enabled: false,
  })
  expect((await old.call('PUT', '/rules-configs/KEY', { value: 'other' })).status).toBe(200)
  expect((await old.call('DELETE', `/rules/${id}`)).status).toBe(204)
  expect((await old.call('GET', `/rules/${id}`)).body).toMatchObject({
    errorCode: 'inexistent_rule',
  })
})

test('endRules: after it the API knows of no Rules, as on a tenant that never had any', async () => {
  old.running.endRules()
  const today = await startedTenant()
  for (const path of ['/rules', '/rules-configs']) {
    const [ended, never] = [await old.call('GET', path), await today.call('GET', path)]
    expect([ended.status, ended.body]).toEqual([never.status, never.body])
    expect(ended.body).toMatchObject({ statusCode: 403, errorCode: 'feature_not_enabled' })
  }
  await today.close()
})
