import { createPostLoginEvent } from '../../actions-testing/event.ts'
import {
  createInProcessRuntime,
  type RuntimeOptions,
} from '../../actions-testing/in-process-runtime.ts'
import { createRuleLogin } from '../../actions-testing/rule-login.ts'
import type { Rule, RulesRun } from '../../actions-testing/rules-run.ts'
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

/** An Action of credentials-exchange whose handler has this body. */
export function exchangeAction(
  body: string,
  { name = 'an-action', secrets = {} }: Partial<Omit<DeployedAction, 'code'>> = {},
): DeployedAction {
  const code = `exports.onExecuteCredentialsExchange = async (event, api) => {\n${body}\n}`
  return { name, secrets, code }
}

/** A Rule whose function has this body; `user`, `context` and `callback` are in scope. */
export function rule(body: string, name = 'a-rule'): Rule {
  return { name, code: `function (user, context, callback) {\n${body}\n}` }
}

export function rulesRun(rules: readonly Rule[], overrides: Partial<RulesRun> = {}): RulesRun {
  return { rules, configuration: {}, ...createRuleLogin(), ...overrides }
}
