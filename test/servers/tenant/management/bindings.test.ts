import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { buildTime, createManagementUnderTest } from './management-under-test.ts'

const under = await createManagementUnderTest()
const path = '/actions/triggers/post-login/bindings'
const names = Array.from({ length: 21 }, (_, index) => `action-${index}`)
const ids = new Map<string, string>()

beforeAll(async () => {
  const supported_triggers = [{ id: 'post-login', version: 'v3' }]
  for (const name of [...names, 'undeployed']) {
    const { body } = await under.call('POST', '/actions/actions', { name, supported_triggers })
    ids.set(name, body.id)
  }
  under.clock.now += buildTime
  for (const name of names) await under.call('POST', `/actions/actions/${ids.get(name)}/deploy`)
})

const bind = (bound: readonly string[]) =>
  under.call('PATCH', path, {
    bindings: bound.map((name, position) =>
      position % 2 === 0
        ? { ref: { type: 'action_name', value: name }, display_name: `shown ${name}` }
        : { ref: { type: 'action_id', value: ids.get(name) ?? '' } },
    ),
  })

async function boundNames(): Promise<readonly string[]> {
  const { body } = await under.call('GET', path)
  return body.bindings.map(({ action }: { action: { name: string } }) => action.name)
}

test('bindings: a list takes the place of the one there was, in its order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(names, { maxLength: 20 }), async (bound) => {
      expect((await bind(bound)).status).toBe(200)
      expect(await boundNames()).toEqual(bound)
    }),
    { numRuns: 25 },
  )
})

test('bindings: one that is there already is kept by its id, and shown by its own name', async () => {
  await bind(['action-1', 'action-2'])
  const { body } = await under.call('GET', path)
  expect(body.bindings[0].display_name).toBe('shown action-1')
  expect(body.bindings[1].display_name).toBe('action-2')
  const bindings = body.bindings.map(({ id }: { id: string }) => ({
    ref: { type: 'binding_id', value: id },
  }))
  await under.call('PATCH', path, { bindings: bindings.reverse() })
  expect(await boundNames()).toEqual(['action-2', 'action-1'])
})

// https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccActionDeleteWithUnbind.yaml
test('bindings: they show what runs of an Action, and never that all of it is deployed', async () => {
  const bound = await bind(['action-1'])
  const { body } = await under.call('GET', path)
  expect(body).toEqual({ bindings: bound.body.bindings, total: 1, per_page: 50 })
  const { body: action } = await under.call('GET', `/actions/actions/${ids.get('action-1')}`)
  expect(body.bindings[0].action).toEqual({
    ...{ id: action.id, name: action.name, supported_triggers: action.supported_triggers },
    ...{ created_at: action.created_at, updated_at: action.updated_at },
    current_version: action.current_version,
    deployed_version: action.deployed_version,
    all_changes_deployed: false,
  })
  expect(action.all_changes_deployed).toBe(true)
  const after = await under.call('GET', `${path}?page=1&per_page=100`)
  expect(after.body).toEqual({ bindings: [], page: 1, per_page: 100 })
})

test.each([
  ['an Action that was never deployed', ['undeployed'], 'has not been deployed'],
  ['an Action that there is not', ['nobody'], 'no such Action'],
  ['more than 20', names, 'maximum 20'],
])('bindings: refuses %s, and leaves the list as it was', async (_, bound, message) => {
  await bind(['action-3'])
  const { status, body } = await bind(bound)
  expect(status).toBe(400)
  expect(body.message).toContain(message)
  expect(await boundNames()).toEqual(['action-3'])
})

test('bindings: an Action goes to its own trigger only', async () => {
  const other = '/actions/triggers/credentials-exchange/bindings'
  const ref = { type: 'action_name', value: 'action-0' }
  const { status, body } = await under.call('PATCH', other, { bindings: [{ ref }] })
  expect(status).toBe(400)
  expect(body.message).toContain('not for credentials-exchange')
})

test('bindings: there are none for an entity-bound trigger, nor for one there is not', async () => {
  const entityBound = '/actions/triggers/password-hash-migration/bindings'
  expect((await under.call('PATCH', entityBound, { bindings: [] })).status).toBe(400)
  expect((await under.call('GET', '/actions/triggers/pre-login/bindings')).status).toBe(404)
})
