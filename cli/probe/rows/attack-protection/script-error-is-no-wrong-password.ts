import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { failingLogin } from '../../users.ts'

/** More than block whoever types them wrong. */
const attempts = 12

export const scriptErrorIsNoWrongPassword: Probe = {
  id: 'script-error-is-no-wrong-password',
  assumption:
    'Brute-force protection does not count a login whose script failed: an outage blocks nobody.',
  async run({ importing, logIn, stranger }) {
    const person = stranger(await importing({ login: failingLogin }))
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const { error } = await logIn(person, { password: 'outage' })
      if (error === null) throw new Error('the script did not fail')
    }
    const login = await logIn(person)
    return expectThat(login.error === null, `after ${attempts} script errors ${outcomeOf(login)}`)
  },
}
