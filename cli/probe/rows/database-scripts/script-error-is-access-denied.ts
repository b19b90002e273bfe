import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { failingLogin } from '../../users.ts'

export const scriptErrorIsAccessDenied: Probe = {
  id: 'script-error-is-access-denied',
  assumption:
    'A login whose script fails ends in `access_denied`, and the application is told the message of the error.',
  async run({ importing, logIn, stranger }) {
    const person = stranger(await importing({ login: failingLogin }))
    const login = await logIn(person, { password: 'outage' })
    const told = login.description.includes('outage')
    return expectThat(
      login.error === 'access_denied' && told,
      `${outcomeOf(login)}, and the message is ${told ? 'told' : 'not told'}`,
    )
  },
}
