import { actionThat } from '../../actions.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const errorNobodyCatchesFailsLogin: Probe = {
  id: 'error-nobody-catches-fails-login',
  assumption: 'An error in a timer, which nobody catches, fails the login while its Action runs.',
  async run({ bindActions, logIn, user }) {
    const person = await user()
    await bindActions(actionThat(throwingWhileItWaits))
    const login = await logIn(person)
    return expectThat(login.error === 'access_denied', outcomeOf(login))
  },
}

const throwingWhileItWaits = `setTimeout(() => { throw new Error('probe') }, 50)
await new Promise((resolve) => setTimeout(resolve, 300))`
