import { createPostLoginEvent } from '../../actions-testing/event.ts'
import {
  createInProcessRuntime,
  type RuntimeOptions,
} from '../../actions-testing/in-process-runtime.ts'
import type {
  DatabaseScriptRun,
  DeployedAction,
  PostLoginRun,
  Runtime,
} from '../../actions-testing/runtime.ts'
import { createWorkerRuntime } from '../../actions-testing/worker-runtime.ts'

/** Every way to run a bundle; the same cases hold in each. */
export const runtimes: Readonly<Record<string, (options?: RuntimeOptions) => Runtime>> = {
  'in process': createInProcessRuntime,
  'in process, warm': (options) => createInProcessRuntime({ ...options, warm: true }),
  workers: (options) => createWorkerRuntime({ ...options, threads: 1 }),
  'workers, warm': (options) => createWorkerRuntime({ ...options, threads: 1, warm: true }),
}

/** An Action whose handler has this body; `event`, `api` and `require` are in scope. */
export function action(
  body: string,
  { name = 'an-action', secrets = {} }: Partial<Omit<DeployedAction, 'code'>> = {},
): DeployedAction {
  return { name, secrets, code: `exports.onExecutePostLogin = async (event, api) => {\n${body}\n}` }
}

export function login(...actions: readonly DeployedAction[]): PostLoginRun {
  return { actions, event: createPostLoginEvent() }
}

export function loginScript(
  code: string,
  overrides: Partial<DatabaseScriptRun> = {},
): DatabaseScriptRun {
  return {
    script: 'login',
    code,
    configuration: { LEGACY_API_URL: 'https://legacy.example' },
    args: ['user@example.com', 'a password'],
    ...overrides,
  }
}
