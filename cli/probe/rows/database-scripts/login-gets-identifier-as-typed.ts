import { expectThat, type Probe } from '../../probe.ts'
import { loginWith } from '../../users.ts'

export const loginGetsIdentifierAsTyped: Probe = {
  id: 'login-gets-identifier-as-typed',
  assumption: 'The login script gets the identifier as it was typed.',
  async run({ importing, logIn, readUser, stranger }) {
    const person = stranger(await importing({ login: loginWith('user_metadata: { identifier }') }))
    const typed = person.email.replace('migration-probe', 'Migration-PROBE')
    await logIn(person, { username: typed })
    const got = (await readUser(person.id)).user_metadata?.identifier
    return expectThat(got === typed, `the script gets it ${got === typed ? 'as typed' : 'changed'}`)
  },
}
