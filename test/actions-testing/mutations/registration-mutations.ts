import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import type {
  AsynchronousRun,
  PreUserRegistrationRun,
} from '../../../actions-testing/registration-run.ts'
import { limitOf, type Mutation } from './mutation.ts'

const flow = 'pre-user-registration-flow.ts'
const common = {
  connection: { id: 'con_1', name: 'users', strategy: 'auth0' },
  request: { body: {}, geoip: {}, ip: '203.0.113.9', method: 'POST' },
  tenant: { id: 'example-tenant' },
  user: { email: 'ann@example.com' },
}

function actionsOf(handler: string, bodies: readonly string[]) {
  return bodies.map((body, index) => ({
    name: `action-${index + 1}`,
    secrets: {},
    code: `exports.${handler} = async (event, api) => { ${body} }`,
  }))
}

function register(...bodies: readonly string[]) {
  const actions = actionsOf('onExecutePreUserRegistration', bodies)
  const run: PreUserRegistrationRun = { actions, event: common }
  return createInProcessRuntime().runPreUserRegistration(run)
}

function tell(body: string) {
  const actions = actionsOf('onExecutePostChangePassword', [body])
  const run: AsynchronousRun = { trigger: 'post-change-password', actions, event: common }
  return createInProcessRuntime().runAsynchronous(run)
}

/** Limits of the triggers around a registration and a password. */
export const registrationMutations: readonly Mutation[] = [
  limitOf(
    'pre-user-registration: a denial has a message for the person',
    flow,
    '[second, text],',
    '[second, () => null],',
    async () => (await register(`api.access.deny('a reason')`)).denied?.userMessage === null,
  ),
  limitOf(
    'pre-user-registration: after a denial no later Action runs',
    flow,
    'stopped: () => state.denied !== null,',
    'stopped: () => false,',
    async () => {
      const later = `api.user.setAppMetadata('later', 1)`
      return !('later' in (await register(`api.access.deny('a', 'b')`, later)).appMetadata)
    },
  ),
  limitOf(
    'pre-user-registration: what an Action does not catch refuses',
    flow,
    'fail: (action, reason) => deny(state, action, reason, null),',
    'fail: () => {},',
    async () => (await register(`throw new Error('it broke')`)).denied !== null,
  ),
  limitOf(
    'asynchronous triggers: the api has its cache and nothing else',
    'asynchronous-flow.ts',
    '= { cache: cacheMethods }',
    '= { cache: cacheMethods, user: { setAppMetadata: { parameters: [] } } }',
    async () => (await tell(`api.user.setAppMetadata('a', 1)`)).failed !== null,
  ),
]
