import { beforeEach, expect, test } from 'vitest'
import { triggers } from '../../../../servers/tenant/management/triggers.ts'
import {
  type Answer,
  buildTime,
  createManagementUnderTest,
  type ManagementUnderTest,
} from './management-under-test.ts'

const supported_triggers = [{ id: 'post-login', version: 'v3' }]
const code = 'exports.onExecutePostLogin = async () => {}'
const draft = { name: 'an-action', supported_triggers, code }

let under: ManagementUnderTest
beforeEach(async () => {
  under = await createManagementUnderTest()
})

async function create(members: object = {}): Promise<string> {
  const { status, body } = await under.call('POST', '/actions/actions', { ...draft, ...members })
  expect(status).toBe(201)
  return body.id
}

const get = (id: string) => under.call('GET', `/actions/actions/${id}`)
const patch = (id: string, body: Parameters<typeof under.call>[2]) =>
  under.call('PATCH', `/actions/actions/${id}`, body)
const deploy = (id: string) => under.call('POST', `/actions/actions/${id}/deploy`)

async function createDeployed(members: object = {}): Promise<string> {
  const id = await create(members)
  under.clock.now += buildTime
  expect((await deploy(id)).status).toBe(200)
  return id
}

test('actions: a draft is pending, then building until its time is over, then built', async () => {
  const id = await create()
  under.clock.now += buildTime / 2 - 1
  expect((await get(id)).body.status).toBe('pending')
  under.clock.now += buildTime / 2
  expect((await get(id)).body.status).toBe('building')
  expect(await deploy(id)).toMatchObject({
    status: 400,
    body: { message: "A draft must be in the 'built' state before it can be deployed." },
  })
  under.clock.now += 1
  expect((await get(id)).body).toMatchObject({ status: 'built', all_changes_deployed: false })
  expect((await deploy(id)).status).toBe(200)
})

test.each([
  ['an ECMAScript module', 'export const onExecutePostLogin = async () => {}', 'syntax_error'],
  ['code that ends too soon', 'exports.onExecutePostLogin = async () => {', 'syntax_error'],
  ['code that closes its function', '}); process.exit(); (() => {', 'syntax_error'],
  ['a placeholder left in', 'const origins = @@ORIGINS@@', 'syntax_error'],
  ['more than 100 kB', `//${'x'.repeat(100_000)}`, 'code_too_large'],
  ['more than 100 kB of UTF-8', `//${'ä'.repeat(50_000)}`, 'code_too_large'],
])('actions: the build of %s fails, says why, and cannot be deployed', async (_, bad, reason) => {
  const id = await create({ code: bad })
  under.clock.now += buildTime
  const { body } = await get(id)
  expect(body.status).toBe('failed')
  expect(body).not.toHaveProperty('errors')
  const { body: listed } = await under.call('GET', `/actions/actions/${id}/versions`)
  const errors = [{ id: reason, msg: expect.stringMatching(/\w+/) }]
  expect(listed.versions).toMatchObject([{ status: 'failed', deployed: false, errors }])
  const one = await under.call('GET', `/actions/actions/${id}/versions/${listed.versions[0].id}`)
  expect(one.body).toEqual(listed.versions[0])
  expect((await deploy(id)).body.message).toContain("must be in the 'built' state")
})

test('actions: a build runs nothing', async () => {
  await create({ code: 'globalThis.wasRun = true; module.exports = process.exit(3)' })
  under.clock.now += buildTime
  const { body } = await under.call('GET', '/actions/actions')
  expect(body.actions[0].status).toBe('built')
  expect(globalThis).not.toHaveProperty('wasRun')
})

test('actions: a change makes a draft, and what is deployed runs on until it is deployed', async () => {
  const id = await createDeployed()
  const changed = await patch(id, { code: `${code} // 2` })
  expect(changed.body).toMatchObject({
    status: 'pending',
    all_changes_deployed: false,
    deployed_version: { number: 1, code },
  })
  expect(under.tenant.state.actions.get(id)?.deployed?.code).toBe(code)
  under.clock.now += buildTime
  expect((await deploy(id)).body).toMatchObject({ number: 2, code: `${code} // 2` })
  expect((await get(id)).body.all_changes_deployed).toBe(true)
})

// https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccActionDeleteWithUnbind.yaml
test('actions: a new one says nothing of versions, and a deployment is answered before it is there', async () => {
  const made = await under.call('POST', '/actions/actions', draft)
  const usual = ['all_changes_deployed', 'code', 'created_at', 'dependencies', 'id', 'name']
  const members = [...usual, 'runtime', 'secrets', 'status', 'supported_triggers', 'updated_at']
  expect(Object.keys(made.body).sort()).toEqual(members)
  under.clock.now += buildTime
  const { status, body } = await deploy(made.body.id)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    ...{ number: 1, status: 'built', deployed: false, supported_triggers },
    action: { name: draft.name, all_changes_deployed: false },
  })
  expect(body).not.toHaveProperty('built_at')
  const parts = { id: body.id, number: 1, code }
  expect((await get(made.body.id)).body).toMatchObject({
    current_version: { ...parts, status: 'BUILT' },
    deployed_version: { ...parts, status: 'built', deployed: true, supported_triggers },
    all_changes_deployed: true,
  })
})

test('actions: a draft that is written again as it was is built again, and deployed already', async () => {
  const secrets = [{ name: 'KEY', value: 'v' }]
  const id = await createDeployed({ secrets })
  const again = await patch(id, { code, supported_triggers })
  expect(again.body).toMatchObject({ status: 'pending', all_changes_deployed: true })
  expect((await patch(id, { secrets: [{ name: 'KEY' }] })).body.all_changes_deployed).toBe(true)
  under.clock.now += 1
  // Nobody can see whether it is the same value.
  expect((await patch(id, { secrets })).body.all_changes_deployed).toBe(false)
})

test('actions: one that is made with deploy is deployed when it is built, and no later draft of it', async () => {
  const id = await create({ deploy: true })
  expect((await get(id)).body).not.toHaveProperty('deployed_version')
  under.clock.now += buildTime
  expect((await get(id)).body).toMatchObject({ deployed_version: { number: 1, code } })
  await patch(id, { code: '// 2' })
  under.clock.now += buildTime
  expect((await get(id)).body).toMatchObject({ status: 'built', deployed_version: { code } })
  const other = await create({ name: 'other', deploy: true })
  await patch(other, { code: '// 2' })
  const failing = await create({ name: 'failing', deploy: true, code: '{' })
  under.clock.now += buildTime
  for (const one of [other, failing]) {
    expect((await get(one)).body).not.toHaveProperty('deployed_version')
  }
  expect((await patch(id, { deploy: true })).status).toBe(400)
})

test('actions: a failed draft leaves what is deployed alone', async () => {
  const id = await createDeployed()
  await patch(id, { code: '{' })
  under.clock.now += buildTime
  expect((await deploy(id)).status).toBe(400)
  expect(under.tenant.state.actions.get(id)?.deployed?.code).toBe(code)
})

test('actions: a new name needs no build', async () => {
  const id = await createDeployed()
  const { body } = await patch(id, { name: 'renamed' })
  expect(body).toMatchObject({ name: 'renamed', status: 'built', all_changes_deployed: true })
})

test('actions: the values of secrets come back from no endpoint', async () => {
  const value = 'correct horse battery staple'
  const answers: Answer[] = []
  const path = '/actions/actions'
  const body = { ...draft, secrets: [{ name: 'KEY', value }] }
  answers.push(await under.call('POST', path, body))
  const id = answers[0]?.body.id
  under.clock.now += buildTime
  answers.push(await deploy(id), await get(id), await under.call('GET', path))
  answers.push(await patch(id, { secrets: [{ name: 'KEY', value }] }))
  const bindings = '/actions/triggers/post-login/bindings'
  const ref = { type: 'action_id', value: id }
  answers.push(await under.call('PATCH', bindings, { bindings: [{ ref }] }))
  answers.push(await under.call('GET', bindings))
  for (const answer of answers) {
    expect(answer.status).toBeLessThan(300)
    expect(JSON.stringify(answer.body)).not.toContain(value)
  }
  expect(answers[0]?.body.secrets).toEqual([{ name: 'KEY', updated_at: expect.any(String) }])
  expect(under.tenant.state.actions.get(id)?.deployed?.secrets[0]?.value).toBe(value)
})

test('actions: secrets are replaced as a list, and one without a value keeps its own', async () => {
  const id = await create({
    secrets: [
      { name: 'KEPT', value: 'kept' },
      { name: 'GONE', value: 'gone' },
    ],
  })
  await patch(id, { secrets: [{ name: 'KEPT' }, { name: 'NEW', value: 'new' }] })
  const secrets = under.tenant.state.actions.get(id)?.secrets ?? []
  expect(secrets.map(({ name, value }) => [name, value])).toEqual([
    ['KEPT', 'kept'],
    ['NEW', 'new'],
  ])
  expect((await patch(id, { secrets: [{ name: 'UNKNOWN' }] })).body.message).toBe(
    "Payload validation error: 'Missing required property: secrets/0/value'.",
  )
})

test.each([
  ['two triggers', { supported_triggers: [...supported_triggers, ...supported_triggers] }],
  ['no trigger', { supported_triggers: [] }],
  ['an unknown trigger', { supported_triggers: [{ id: 'post-login', version: 'v9' }] }],
  ['a runtime of tomorrow', { runtime: 'node24' }],
  ['an empty name', { name: ' ' }],
  ['a module', { modules: [{ module_name: 'm' }] }],
  ['a secret twice', { secrets: [1, 2].map(() => ({ name: 'KEY', value: 'v' })) }],
  [
    '31 secrets',
    { secrets: Array.from({ length: 31 }, (_, n) => ({ name: `K${n}`, value: 'v' })) },
  ],
  ['a secret of 4097 characters', { secrets: [{ name: 'KEY', value: 'v'.repeat(4_097) }] }],
  ['a secret name of 129', { secrets: [{ name: 'K'.repeat(129), value: 'v' }] }],
  [
    '11 dependencies',
    { dependencies: Array.from({ length: 11 }, (_, n) => ({ name: `d${n}`, version: '1.0.0' })) },
  ],
])('actions: refuses %s', async (_, members) => {
  const { status, body } = await under.call('POST', '/actions/actions', { ...draft, ...members })
  expect(status).toBe(400)
  expect(body.errorCode).toBe('invalid_body')
  expect(under.tenant.state.actions.size).toBe(0)
})

test('actions: a name is given once', async () => {
  await create()
  expect((await under.call('POST', '/actions/actions', draft)).status).toBe(409)
})

test('actions: a tenant has 100 of them, deployed or not', async () => {
  for (let count = 1; count <= 100; count += 1) await create({ name: `action ${count}` })
  const { status, body } = await under.call('POST', '/actions/actions', draft)
  expect([status, body.errorCode]).toEqual([403, 'too_many_entities'])
  const [id] = under.tenant.state.actions.keys()
  await under.call('DELETE', `/actions/actions/${id}`)
  await create()
})

test('actions: a bound one is deleted by force only, and its bindings with it', async () => {
  const id = await createDeployed()
  const bindings = '/actions/triggers/post-login/bindings'
  const ref = { type: 'action_name', value: draft.name }
  await under.call('PATCH', bindings, { bindings: [{ ref }] })
  expect((await under.call('DELETE', `/actions/actions/${id}`)).status).toBe(400)
  expect((await under.call('DELETE', `/actions/actions/${id}?force=true`)).status).toBe(204)
  expect((await under.call('GET', bindings)).body.bindings).toEqual([])
  expect((await get(id)).status).toBe(404)
})

test('actions: they are listed by name, by trigger and by whether they are deployed', async () => {
  const id = await createDeployed()
  await create({
    name: 'other',
    supported_triggers: [{ id: 'credentials-exchange', version: 'v2' }],
  })
  const listed = async (query: string) =>
    (await under.call('GET', `/actions/actions?${query}`)).body.actions.map(
      (action: { id: string }) => action.id,
    )
  for (const query of ['deployed=true', 'actionName=an-action', 'triggerId=post-login']) {
    expect(await listed(query)).toEqual([id])
  }
  expect(await listed('page=1&per_page=1')).toHaveLength(1)
})

test('triggers: post-login v3 is current and has node22', () => {
  const current = triggers.filter(({ id, status }) => id === 'post-login' && status === 'CURRENT')
  expect(current).toMatchObject([{ version: 'v3', default_runtime: 'node22' }])
  expect(current[0]?.runtimes).toContain('node22')
})
