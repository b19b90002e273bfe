import { afterAll, describe, expect, test } from 'vitest'
import { preUserRegistrationMethodNames } from '../../actions-testing/pre-user-registration-flow.ts'
import type {
  AsynchronousRun,
  PreUserRegistrationRun,
} from '../../actions-testing/registration-run.ts'
import type { DeployedAction } from '../../actions-testing/runtime.ts'
import type { PreUserRegistrationAPI } from '../../actions-testing/types/pre-user-registration/v2.ts'
import { runtimes } from './runtimes.ts'

// https://auth0.com/docs/actions/reference/pre-user-registration/pre-user-registration-api-object
const documented = [
  'access.deny',
  'cache.delete',
  'cache.get',
  'cache.set',
  'user.setAppMetadata',
  'user.setUserMetadata',
  'validation.error',
] as const satisfies readonly MethodName[]
type MethodName = {
  [Namespace in keyof PreUserRegistrationAPI]: `${Namespace}.${keyof PreUserRegistrationAPI[Namespace] & string}`
}[keyof PreUserRegistrationAPI]
/** Does not compile when the types have a member that the list has not. */
const typesAreDocumented: [Exclude<MethodName, (typeof documented)[number]>] extends [never]
  ? true
  : never = true

test('pre-user-registration: api has every documented member and no other', () => {
  expect([...preUserRegistrationMethodNames].sort()).toEqual([...documented].sort())
  expect(typesAreDocumented).toBe(true)
})

const connection = { id: 'con_1', name: 'users', strategy: 'auth0' }
const request = { geoip: {}, ip: '203.0.113.9', method: 'POST' }
const event: PreUserRegistrationRun['event'] = {
  connection,
  request: { ...request, body: {} },
  tenant: { id: 'example-tenant' },
  user: { email: 'ann@example.com', user_metadata: { locale: 'de' } },
}
const told = { connection, request, tenant: event.tenant, user: { email: 'ann@example.com' } }

function deployed(handler: string, bodies: readonly string[]): readonly DeployedAction[] {
  return bodies.map((body, index) => ({
    name: `action-${index + 1}`,
    secrets: {},
    code: `exports.${handler} = async (event, api) => {\n${body}\n}`,
  }))
}

describe.each(Object.entries(runtimes))('registration, %s', (_name, createRuntime) => {
  const runtime = createRuntime({ timeoutMs: 400 })
  afterAll(() => runtime.close())
  const register = (...bodies: readonly string[]) => {
    const actions = deployed('onExecutePreUserRegistration', bodies)
    return runtime.runPreUserRegistration({ actions, event })
  }
  const tell = (...bodies: readonly string[]) => {
    const actions = deployed('onExecutePostChangePassword', bodies)
    const run: AsynchronousRun = { trigger: 'post-change-password', actions, event: told }
    return runtime.runAsynchronous(run)
  }

  test('deny and validation.error: take two texts, end the flow after their Action, the first stands', async () => {
    const later = `api.user.setAppMetadata('later', 1)`
    const outcome = await register(
      `api.access.deny('r', 'm'); api.validation.error('x', 'y'); api.user.setAppMetadata('own', 1)`,
      later,
    )
    expect(outcome.denied).toEqual({ reason: 'r', userMessage: 'm', action: 'action-1' })
    expect(outcome.appMetadata).toEqual({ own: 1 })
    const error = await register(`api.validation.error('code', 'message')`, later)
    expect(error.denied).toMatchObject({ reason: 'code', userMessage: 'message' })
    const missing = await register(`api.access.deny('only a reason')`)
    expect(missing.denied?.reason).toContain('userMessage has to be a string')
  })

  test('metadata: later Actions see it, forbidden names are refused, an identical value is no change', async () => {
    const outcome = await register(
      `api.user.setUserMetadata('locale', 'de'); api.user.setAppMetadata('plan', 'gold')`,
      `api.user.setAppMetadata('seen', event.user.app_metadata.plan)`,
    )
    expect(outcome).toMatchObject({ denied: null, userMetadata: {} })
    expect(outcome.appMetadata).toEqual({ plan: 'gold', seen: 'gold' })
    for (const key of ['email', 'a.b', '$x']) {
      const refused = await register(`api.user.setAppMetadata(${JSON.stringify(key)}, 1)`)
      expect(refused.denied, key).not.toBeNull()
    }
  })

  test('an Action that throws, hangs or has no handler refuses, without a message for the person', async () => {
    for (const body of [`throw new Error('broken')`, 'await new Promise(() => {})']) {
      expect((await register(body)).denied, body).toMatchObject({ userMessage: null })
    }
    const actions = deployed('onExecutePostLogin', [''])
    const { denied } = await runtime.runPreUserRegistration({ actions, event })
    expect(denied?.reason).toContain('onExecutePreUserRegistration')
  })

  test('asynchronous: api has the cache alone, of each trigger its own, and failures are told', async () => {
    const keep = `api.cache.set('k', 'v'); console.log(Object.keys(api).join())`
    expect(await tell(keep)).toMatchObject({ failed: null, logs: [{ text: 'cache' }] })
    const reads = `if (api.cache.get('k')) throw new Error('found')`
    expect((await tell(reads)).failed).toEqual({ action: 'action-1', reason: 'found' })
    expect((await register(reads)).denied).toBeNull()
    const run = await tell(`api.user.setAppMetadata('a', 1)`, `console.log('later')`)
    expect(run.failed?.reason).toContain('api.user does not exist')
    expect(run.logs).toEqual([])
  })

  test('asynchronous: each trigger runs the handler of its name', async () => {
    const actions = deployed('onExecutePostUserRegistration', [`console.log('told')`])
    const user = {
      ...{ email: 'ann@example.com', email_verified: false, user_id: 'auth0|1' },
      ...{ app_metadata: {}, user_metadata: {}, created_at: '', updated_at: '' },
    }
    const outcome = await runtime.runAsynchronous({
      trigger: 'post-user-registration',
      actions,
      event: { ...told, user },
    })
    expect(outcome).toMatchObject({ failed: null, logs: [{ text: 'told' }] })
  })
})
