import { preUserRegistration, registrationThat } from '../../actions.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { loginWith } from '../../users.ts'

export const importFiresNoRegistrationAction: Probe = {
  id: 'import-fires-no-registration-action',
  assumption: 'Lazy migration runs no Action of `pre-user-registration`.',
  async run({ bindTo, importing, logIn, stranger }) {
    const person = stranger(await importing({ login: loginWith('') }))
    await bindTo(preUserRegistration, registrationThat(`api.access.deny('probe', 'probe')`))
    const login = await logIn(person)
    return expectThat(login.error === null, `with one bound that denies, ${outcomeOf(login)}`)
  },
}
