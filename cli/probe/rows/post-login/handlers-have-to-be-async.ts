import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const handlersHaveToBeAsync: Probe = {
  id: 'handlers-have-to-be-async',
  assumption: 'A login fails whose Action exports a handler that is no async function.',
  async run({ bindActions, logIn, user }) {
    const person = await user()
    await bindActions('exports.onExecutePostLogin = () => {}\n')
    const login = await logIn(person)
    return expectThat(login.error === 'access_denied', outcomeOf(login))
  },
}
