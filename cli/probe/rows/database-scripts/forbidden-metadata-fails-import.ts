import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { loginWith } from '../../users.ts'

export const forbiddenMetadataFailsImport: Probe = {
  id: 'forbidden-metadata-fails-import',
  assumption: 'A script’s profile with a forbidden key in `app_metadata` fails the import.',
  async run({ importing, logIn, stranger }) {
    const members = `app_metadata: password.endsWith('!') ? { email: 'probe' } : { plan: 'probe' }`
    const database = await importing({ login: loginWith(members) })
    const right = await logIn(stranger(database))
    if (right.error !== null) throw new Error(`with a good profile ${outcomeOf(right)}`)
    const person = stranger(database)
    const wrong = await logIn(person, { password: `${person.password}!` })
    return expectThat(wrong.error !== null, `with app_metadata.email ${outcomeOf(wrong)}`)
  },
}
