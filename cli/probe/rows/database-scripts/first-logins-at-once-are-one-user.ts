import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { loginWith } from '../../users.ts'

export const firstLoginsAtOnceAreOneUser: Probe = {
  id: 'first-logins-at-once-are-one-user',
  assumption: 'Two first logins of one person at once both pass, as one user.',
  async run({ importing, logIn, stranger }) {
    const person = stranger(await importing({ login: loginWith('') }))
    const [one, other] = await Promise.all([logIn(person), logIn(person)])
    const holds = one.id.sub === person.id && other.id.sub === person.id
    return expectThat(holds, `the one: ${outcomeOf(one)}; the other: ${outcomeOf(other)}`)
  },
}
