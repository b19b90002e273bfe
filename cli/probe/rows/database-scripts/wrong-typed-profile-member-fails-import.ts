import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { loginWith } from '../../users.ts'

export const wrongTypedProfileMemberFailsImport: Probe = {
  id: 'wrong-typed-profile-member-fails-import',
  assumption: 'A script’s profile with a member of a wrong type fails the import.',
  async run({ importing, logIn, stranger }) {
    const members = `given_name: password.endsWith('!') ? 42 : 'Given'`
    const database = await importing({ login: loginWith(members) })
    const right = await logIn(stranger(database))
    if (right.error !== null) throw new Error(`with a good profile ${outcomeOf(right)}`)
    const person = stranger(database)
    const wrong = await logIn(person, { password: `${person.password}!` })
    return expectThat(wrong.error !== null, `with given_name 42 ${outcomeOf(wrong)}`)
  },
}
