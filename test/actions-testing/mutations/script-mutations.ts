import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { loginScript } from '../runtimes.ts'
import { limitOf, type Mutation } from './mutation.ts'

const once = 'callback-once.ts'
const scriptOf = (code: string) =>
  createInProcessRuntime({ timeoutMs: 40 }).runDatabaseScript(loginScript(code))

/** Limits of custom database scripts. */
export const scriptMutations: readonly Mutation[] = [
  limitOf(
    'a script calls back once',
    once,
    'if (answers.length > 1) {',
    'if (false) {',
    async () => {
      const { outcome } = await scriptOf('function login(a, b, c) { c(null); c(null) }')
      return outcome.type === 'none'
    },
  ),
  limitOf(
    'a script calls back in time',
    'database-script.ts',
    'const outcome = heard.inTime\n',
    'const outcome = true || (heard.inTime as boolean)\n',
    async () => {
      const { outcome } = await scriptOf('function login() {}')
      return outcome.type === 'none' && outcome.message.includes('within 40 ms')
    },
  ),
  limitOf(
    'a script is one function',
    'database-script.ts',
    "if (typeof script !== 'function') throw new TypeError('the source is not one function')",
    '',
    async () => {
      const { outcome } = await scriptOf('({})')
      return outcome.type === 'none' && outcome.message.includes('not one function')
    },
  ),
  limitOf(
    'the configuration of scripts is read-only',
    'database-script.ts',
    'Object.freeze(realm.copy(run.configuration))',
    'realm.copy(run.configuration)',
    async () => {
      const body = `function login(a, b, callback) { callback(null, { frozen: Object.isFrozen(configuration) }) }`
      const { outcome } = await scriptOf(body)
      return outcome.type === 'profile' && outcome.profile.frozen === true
    },
  ),
]
