import type {
  CredentialsExchangeOutcome,
  CredentialsExchangeRun,
} from '../../actions-testing/credentials-exchange-run.ts'
import type { PreUserRegistrationRun } from '../../actions-testing/registration-run.ts'
import type {
  DatabaseScriptResult,
  DatabaseScriptRun,
  PostLoginOutcome,
  PostLoginRun,
  Runtime,
} from '../../actions-testing/runtime.ts'
import type { Fetch } from '../../cli/auth0-tenant.ts'
import type { Tenant } from '../../servers/tenant/state.ts'

/** What makes one assumption false: a switch of the runtime, what it runs, or what goes over HTTP. */
export interface Flip {
  readonly switches?: { readonly loseCache?: true; readonly warm?: false }
  readonly runtime?: (inner: Runtime, tenant: () => Tenant) => Runtime
  readonly http?: (inner: Fetch, tenant: Tenant) => Fetch
}

type Outcome = PostLoginOutcome

/** Runs every login of a flow in a changed way. */
function flow(
  change: (run: PostLoginRun) => PostLoginRun,
  changeOutcome: (outcome: Outcome, run: PostLoginRun, tenant: Tenant) => Outcome = (same) => same,
): Flip {
  return {
    runtime: (inner, tenant) => ({
      ...inner,
      async runPostLogin(run) {
        return changeOutcome(await inner.runPostLogin(change(run)), run, tenant())
      },
    }),
  }
}

export function outcome(
  change: (outcome: Outcome, run: PostLoginRun, tenant: Tenant) => Outcome,
): Flip {
  return flow((run) => run, change)
}

export function event(change: (event: PostLoginRun['event']) => PostLoginRun['event']): Flip {
  return flow((run) => ({ ...run, event: change(run.event) }))
}

/**
 * Puts code around every Action.
 *
 * @param handler Of a handler: `inner`, `event`, `api` and `over(object, members)` are in scope.
 */
export function aroundActions(handler: string, before = ''): Flip {
  return codeOfActions(
    (code) => `${before}
${code}
;(() => {
  const inner = exports.onExecutePostLogin
  // One that is no async function would become one.
  if (Object.prototype.toString.call(inner) !== '[object AsyncFunction]') return
  const over = (object, members) =>
    new Proxy({}, { get: (_, name) => (name in members ? members[name] : object[name]) })
  exports.onExecutePostLogin = async (event, api) => { ${handler} }
})()`,
  )
}

/** Changes the code of every Action. */
export function codeOfActions(change: (code: string) => string): Flip {
  return flow((run) => ({
    ...run,
    actions: run.actions.map((action) => ({ ...action, code: change(action.code) })),
  }))
}

/** Puts another method in the place of one of `api`; `real` is the one it replaces. */
export function apiMethod(room: string, method: string, replacement: string): Flip {
  return aroundActions(`
    const real = (...args) => api.${room}.${method}(...args)
    const ${method} = ${replacement}
    await inner(event, over(api, { ${room}: over(api.${room}, { ${method} }) }))`)
}

/** Runs every exchange of client credentials in a changed way. */
export function exchange(
  change: (run: CredentialsExchangeRun) => CredentialsExchangeRun,
  changeOutcome: (outcome: CredentialsExchangeOutcome) => CredentialsExchangeOutcome = (same) =>
    same,
): Flip {
  return {
    runtime: (inner) => ({
      ...inner,
      runCredentialsExchange: async (run) =>
        changeOutcome(await inner.runCredentialsExchange(change(run))),
    }),
  }
}

/** Runs the Actions of every registration on a changed event. */
export function registration(
  change: (event: PreUserRegistrationRun['event']) => PreUserRegistrationRun['event'],
): Flip {
  return {
    runtime: (inner) => ({
      ...inner,
      runPreUserRegistration: (run) =>
        inner.runPreUserRegistration({ ...run, event: change(run.event) }),
    }),
  }
}

export function script(
  change: (run: DatabaseScriptRun) => DatabaseScriptRun,
  changeResult: (
    result: DatabaseScriptResult,
    run: DatabaseScriptRun,
    tenant: Tenant,
  ) => DatabaseScriptResult = (same) => same,
): Flip {
  return {
    runtime: (inner, tenant) => ({
      ...inner,
      async runDatabaseScript(run) {
        return changeResult(await inner.runDatabaseScript(change(run)), run, tenant())
      },
    }),
  }
}

/** Changes the profile that a script calls back with. */
export function profile(
  change: (
    profile: Readonly<Record<string, unknown>>,
    run: DatabaseScriptRun,
  ) => Readonly<Record<string, unknown>>,
): Flip {
  return script(
    (run) => run,
    (result, run) =>
      result.outcome.type === 'profile'
        ? { ...result, outcome: { type: 'profile', profile: change(result.outcome.profile, run) } }
        : result,
  )
}
