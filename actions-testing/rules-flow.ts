import { answerOf, type Heard, hearOnce } from './callback-once.ts'
import { databaseErrors } from './database-errors.ts'
import type { ScriptContainer } from './database-script.ts'
import { messageOf, nameOf } from './error-message.ts'
import { isPlainObject } from './json-value.ts'
import { ruleAuth0 } from './rule-globals.ts'
import { finishRules, type RulesState } from './rules-outcome.ts'
import type { Rule, RulesOutcome, RulesRun } from './rules-run.ts'

// https://community.auth0.com/t/104471: all enabled Rules together.
const maxRulesBytes = 100_000

type RuleFunction = (user: unknown, context: unknown, callback: unknown) => unknown

/**
 * Runs the Rules of one login in order, each with the user and the context that the one before handed
 * on. Whatever is not exactly one callback without an error ends it, and fails the login.
 *
 * @throws {RangeError} When the Rules are more than a tenant holds.
 * @see https://auth0.com/docs/customize/rules
 */
export async function runRulesFlow(
  run: RulesRun,
  container: ScriptContainer,
  timeoutMs: number,
): Promise<RulesOutcome> {
  checkSize(run.rules)
  const started = performance.now()
  const { realm } = container
  const state: RulesState = {
    denied: null,
    user: realm.copy(run.user),
    context: realm.copy(contextAtStart(run)),
    writes: [],
    logs: [],
  }
  await runRules(run, state, container, timeoutMs)
  return finishRules(run, state, performance.now() - started)
}

async function runRules(
  run: RulesRun,
  state: RulesState,
  container: ScriptContainer,
  timeoutMs: number,
): Promise<void> {
  const started = performance.now()
  const heardOf: [rule: Rule, heard: Heard][] = []
  const auth0 = ruleAuth0(run, state.writes, () => run.rules[heardOf.length]?.name ?? '')
  for (const rule of run.rules) {
    const left = timeoutMs - (performance.now() - started)
    const heard = await hearOnce((callback) => {
      return loadRule(rule, run, container, auth0)(state.user, state.context, callback)
    }, left)
    heardOf.push([rule, heard])
    if (heard.log !== '') state.logs.push({ rule: rule.name, text: heard.log.trimEnd() })
    takeAnswer(state, rule, heard, timeoutMs)
    if (state.denied !== null) break
  }
  // A Rule may have called back again while later ones ran.
  for (const [rule, heard] of heardOf) failUnlessOnce(state, rule, heard)
}

/** What a login amounts to whose Rules never got to answer. */
export function failedRules(run: RulesRun, reason: string): RulesOutcome {
  const { context, user } = run
  const rule = run.rules.at(-1)?.name ?? ''
  const denied = { error: 'access_denied', reason, rule } as const
  return finishRules(run, { denied, user, context, writes: [], logs: [] }, 0)
}

function checkSize(rules: readonly Rule[]): void {
  const bytes = rules.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0)
  if (bytes <= maxRulesBytes) return
  throw new RangeError(`the enabled Rules are ${bytes} bytes; Auth0 holds ${maxRulesBytes}`)
}

/** `context.idToken` and `context.accessToken` are there for the Rules to add to. */
function contextAtStart({ context }: RulesRun): object {
  return { ...context, idToken: context.idToken ?? {}, accessToken: context.accessToken ?? {} }
}

function loadRule(
  { code, name }: Rule,
  { configuration }: RulesRun,
  { global, realm }: ScriptContainer,
  auth0: object,
): RuleFunction {
  const rule = realm.evaluate(`return (${code.trim()}\n)`, `${name}.js`, {
    auth0,
    configuration: Object.freeze(realm.copy(configuration)),
    global,
    UnauthorizedError: databaseErrors.UnauthorizedError,
  })
  if (typeof rule !== 'function') throw new TypeError('the source is not one function')
  return rule as RuleFunction
}

function takeAnswer(state: RulesState, rule: Rule, heard: Heard, timeoutMs: number): void {
  if (!heard.inTime) {
    fail(state, rule, `Rules took longer than ${timeoutMs} ms, in the Rule ${rule.name}`)
    return
  }
  const answer = answerOf(heard)
  if (typeof answer === 'string') {
    fail(state, rule, `The Rule ${rule.name} ${answer}`)
    return
  }
  const [error, user, context] = answer
  if (error !== null && error !== undefined) refuse(state, rule, error)
  else if (!isPlainObject(user) || !isPlainObject(context)) {
    fail(state, rule, `The Rule ${rule.name} called back without user and context`)
  } else Object.assign(state, { user, context })
}

function failUnlessOnce(state: RulesState, rule: Rule, heard: Heard): void {
  if (heard.answers.length < 2) return
  fail(state, rule, `The Rule ${rule.name} ${String(answerOf(heard))}`)
}

/** `callback(error)`: the message reaches the application. */
function refuse(state: RulesState, { name: rule }: Rule, error: unknown): void {
  const unauthorized = nameOf(error) === 'UnauthorizedError'
  state.denied ??= {
    error: unauthorized ? 'unauthorized' : 'access_denied',
    reason: messageOf(error),
    rule,
  }
}

function fail(state: RulesState, { name: rule }: Rule, reason: string): void {
  state.denied ??= { error: 'access_denied', reason, rule }
}
