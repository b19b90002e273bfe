import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { loginWith } from '../../users.ts'

export const administratorEmailChangeAsksGetUser: Probe = {
  id: 'administrator-email-change-asks-get-user',
  assumption: 'get_user is asked when the Management API changes an e-mail address.',
  async run({ importing, logIn, manage, stranger }) {
    const get_user = `function getUser(email, callback) {
  callback(email.startsWith('taken-') ? new Error('probe') : null)
}`
    const person = stranger(await importing({ get_user, login: loginWith('') }))
    const login = await logIn(person)
    if (login.error !== null) throw new Error(outcomeOf(login))
    const change = async (email: string) => {
      const body = { email, email_verified: true, connection: person.database }
      return (await manage('PATCH', `users/${encodeURIComponent(person.id)}`, body)).status
    }
    const free = await change(`free-${person.email}`)
    if (free !== 200) throw new Error(`a change to a free address is answered ${free}`)
    const taken = await change(`taken-${person.email}`)
    return expectThat(taken >= 400, `where get_user fails, the change is answered ${taken}`)
  },
}
