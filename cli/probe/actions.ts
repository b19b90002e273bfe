import { type Answer, succeeded } from '../auth0-tenant.ts'
import type { Base } from './context.ts'
import { bind } from './resources.ts'

/** The body of an Action: CommonJS. */
export type ActionCode = string

export interface Actions {
  /** Deploys Actions and binds them, in this order, in place of those that the probe had bound. */
  bindActions(...codes: readonly ActionCode[]): Promise<void>
  /** As `bindActions`, to another trigger. */
  bindTo(trigger: Trigger, ...codes: readonly ActionCode[]): Promise<void>
  /** Makes an Action and waits for its build to end. */
  draftAction(body: object): Promise<Draft>
  /** Asks for an Action to be made, which the tenant may refuse. */
  attemptAction(body: object): Promise<Answer>
}

export interface Trigger {
  readonly id: string
  readonly version: string
}

interface Draft {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly errors?: readonly unknown[]
}

export const postLogin: Trigger = { id: 'post-login', version: 'v3' }
export const credentialsExchange: Trigger = { id: 'credentials-exchange', version: 'v2' }
export const preUserRegistration: Trigger = { id: 'pre-user-registration', version: 'v2' }

/** Looks at a build before giving up; with 250 ms between them, a minute. */
const mostLooks = 240

export function createActions(base: Base): Actions {
  const { maker, name, pause, pollTime, settle, tenant } = base

  function attemptAction(body: object): Promise<Answer> {
    const action = { kind: 'action', name: name() } as const
    const usual = { supported_triggers: [postLogin], runtime: 'node22', code: '' }
    const whole = { ...usual, ...body, name: action.name }
    return maker.attempt(action, () => tenant.manage('POST', 'actions/actions', whole))
  }

  async function draftAction(body: object): Promise<Draft> {
    const { id } = succeeded<Draft>(await attemptAction(body), 'POST actions')
    for (let looks = 1; ; looks += 1) {
      const draft = succeeded<Draft>(
        await tenant.manage('GET', `actions/actions/${id}`),
        'GET action',
      )
      if (draft.status === 'built' || draft.status === 'failed') return draft
      if (looks === mostLooks) throw new Error('the build of an Action does not end')
      await pause(pollTime)
    }
  }

  async function deploy(trigger: Trigger, code: ActionCode): Promise<string> {
    const draft = await draftAction({ supported_triggers: [trigger], code })
    const answer = await tenant.manage('POST', `actions/actions/${draft.id}/deploy`, {})
    succeeded(answer, `deploying an Action whose build is ${draft.status}`)
    return draft.name
  }

  async function bindTo(trigger: Trigger, ...codes: readonly ActionCode[]): Promise<void> {
    const names: string[] = []
    for (const code of codes) names.push(await deploy(trigger, code))
    const bindings = { kind: 'bindings', name: trigger.id } as const
    await maker.make(bindings, () => bind(tenant, trigger.id, names))
    await settle()
  }

  return {
    attemptAction,
    draftAction,
    bindTo,
    bindActions: (...codes) => bindTo(postLogin, ...codes),
  }
}

/** Key of app_metadata under which Actions record what they see. */
export const recordKey = 'probe'

/** An Action that does this and no more. `event` and `api` are in scope. */
export function actionThat(statements: string): ActionCode {
  return `exports.onExecutePostLogin = async (event, api) => {\n${statements}\n}\n`
}

/** As `actionThat`, of the trigger `credentials-exchange`. */
export function exchangeThat(statements: string): ActionCode {
  return `exports.onExecuteCredentialsExchange = async (event, api) => {\n${statements}\n}\n`
}

/** As `actionThat`, of the trigger `pre-user-registration`. */
export function registrationThat(statements: string): ActionCode {
  return `exports.onExecutePreUserRegistration = async (event, api) => {\n${statements}\n}\n`
}

/** An Action that keeps what an expression is worth, for `recorded` to read. */
export function actionRecording(expression: string): ActionCode {
  return actionThat(`api.user.setAppMetadata('${recordKey}', { seen: ${expression} })`)
}
