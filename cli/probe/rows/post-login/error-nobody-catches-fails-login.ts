import { actionThat } from '../../actions.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const errorNobodyCatchesFailsLogin: Probe = {
  id: 'error-nobody-catches-fails-login',
  assumption: 'An error in a timer, which nobody catches, fails the login while that is under way.',
  async run({ bindActions, logIn, user }) {
    const person = await user()
    const throwing = `setTimeout(() => { throw new Error('probe') }, 50)`
    await bindActions(actionThat(throwing), actionThat(wait))
    const login = await logIn(person)
    return expectThat(login.error === 'access_denied', outcomeOf(login))
  },
}

const wait = 'await new Promise((resolve) => setTimeout(resolve, 300))'
