import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { loginWith } from '../../users.ts'

export const unknownProfileMembersDropped: Probe = {
  id: 'unknown-profile-members-dropped',
  assumption:
    'Members of a script’s profile that Auth0’s does not have are dropped, and the import passes.',
  async run({ importing, logIn, readUser, stranger }) {
    const person = stranger(await importing({ login: loginWith('shoe_size: 42') }))
    const login = await logIn(person)
    if (login.error !== null) return expectThat(false, outcomeOf(login))
    const kept = (await readUser(person.id)).shoe_size !== undefined
    return expectThat(!kept, `the member is ${kept ? 'kept' : 'dropped'}`)
  },
}
