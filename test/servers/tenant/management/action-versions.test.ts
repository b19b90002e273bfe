import { beforeEach, expect, test } from 'vitest'
import {
  buildTime,
  createManagementUnderTest,
  type ManagementUnderTest,
} from './management-under-test.ts'

const codeOf = (version: number) => `exports.onExecutePostLogin = async () => ${version}`
const draft = {
  name: 'an-action',
  supported_triggers: [{ id: 'post-login', version: 'v3' }],
  code: codeOf(1),
  secrets: [{ name: 'KEY', value: 'first' }],
}

let under: ManagementUnderTest
let path: string
beforeEach(async () => {
  under = await createManagementUnderTest()
  const { body } = await under.call('POST', '/actions/actions', draft)
  path = `/actions/actions/${body.id}`
})

async function deploy(version: number, members: object = {}): Promise<string> {
  await under.call('PATCH', path, { code: codeOf(version), ...members })
  under.clock.now += buildTime
  const { status, body } = await under.call('POST', `${path}/deploy`)
  expect(status).toBe(200)
  return body.id
}

const versions = async (query = '') => (await under.call('GET', `${path}/versions${query}`)).body
const running = () => [...under.tenant.state.actions.values()][0]?.deployed

test('versions: there are none before the first deployment', async () => {
  expect(await versions()).toEqual({ versions: [], per_page: 50 })
})

test('versions: each deployment is one; the latest comes first, and it alone is deployed', async () => {
  for (const version of [1, 2, 3]) await deploy(version)
  const { versions: listed, total } = await versions()
  expect(total).toBe(3)
  expect(listed).toMatchObject([
    { number: 3, deployed: true, status: 'built', code: codeOf(3) },
    { number: 2, deployed: false, code: codeOf(2) },
    { number: 1, deployed: false, code: codeOf(1), secrets: [{ name: 'KEY' }] },
  ])
  expect(JSON.stringify(listed)).not.toContain('first')
  expect((await versions('?page=1&per_page=2')).versions).toMatchObject([{ number: 1 }])
})

test('versions: one is shown by its id, and another Action does not have it', async () => {
  const id = await deploy(1)
  expect((await under.call('GET', `${path}/versions/${id}`)).body).toMatchObject({
    id,
    number: 1,
    code: codeOf(1),
    action: { name: draft.name },
  })
  expect((await under.call('GET', `${path}/versions/nobody`)).status).toBe(404)
  expect((await under.call('GET', `/actions/actions/nobody/versions/${id}`)).status).toBe(404)
})

test('versions: an earlier one is deployed again as a new one, and the draft stays', async () => {
  const first = await deploy(1)
  await deploy(2, { secrets: [{ name: 'KEY', value: 'second' }] })
  const back = await under.call('POST', `${path}/versions/${first}/deploy`)
  expect([back.status, back.body.number, back.body.deployed]).toEqual([200, 3, false])
  expect(running()).toMatchObject({ code: codeOf(1), secrets: [{ name: 'KEY', value: 'first' }] })
  expect((await under.call('GET', path)).body).toMatchObject({
    code: codeOf(2),
    status: 'built',
    all_changes_deployed: false,
  })
})

test('versions: with update_draft the draft goes back too', async () => {
  const first = await deploy(1)
  await deploy(2)
  await under.call('POST', `${path}/versions/${first}/deploy`, { update_draft: true })
  expect((await under.call('GET', path)).body).toMatchObject({
    code: codeOf(1),
    all_changes_deployed: true,
  })
  const wrong = await under.call('POST', `${path}/versions/${first}/deploy`, { draft: true })
  expect(wrong.status).toBe(400)
})

test('versions: of more than 50 the oldest is deleted, and their numbers go on', async () => {
  const first = await deploy(1)
  for (let version = 2; version <= 51; version += 1) await deploy(version)
  const { total, versions: listed } = await versions('?per_page=100')
  expect([total, listed[0].number, listed.at(-1).number]).toEqual([50, 51, 2])
  expect((await under.call('GET', `${path}/versions/${first}`)).status).toBe(404)
})

test.each([
  ['a name that no package has', { name: 'Dep1', version: '1.0.0' }],
  ['a version that is none', { name: 'lodash', version: 'v1' }],
  ['a path', { name: '../lodash', version: '1.0.0' }],
])('actions: a dependency with %s fails the build, which says so', async (_, dependency) => {
  await under.call('PATCH', path, { dependencies: [dependency] })
  under.clock.now += buildTime
  const { body } = await under.call('GET', path)
  expect(body.status).toBe('failed')
  expect((await versions()).versions[0].errors).toEqual([
    {
      id: 'invalid_dependency',
      msg: `No registry has a package ${dependency.name}@${dependency.version}.`,
    },
  ])
  expect((await under.call('POST', `${path}/deploy`)).status).toBe(400)
})

test('actions: dependencies are built, shown and deployed as they were given', async () => {
  const dependencies = [
    { name: 'lodash', version: '4.17.21' },
    { name: '@scope/private', version: 'latest', registry_url: 'https://npm.example/' },
  ]
  const id = await deploy(1, { dependencies })
  expect((await under.call('GET', path)).body.dependencies).toEqual(dependencies)
  const { body } = await under.call('GET', `${path}/versions/${id}`)
  expect(body.dependencies).toEqual(dependencies)
})
