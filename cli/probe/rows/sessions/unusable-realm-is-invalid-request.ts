import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const unusableRealmIsInvalidRequest: Probe = {
  id: 'unusable-realm-is-invalid-request',
  assumption:
    'A password-realm login to a connection that is not there, or not enabled for the application, is `invalid_request`, and the description has the word connection or realm.',
  async run({ application, logIn, name, user }) {
    const person = await user()
    const closed = await logIn(person, { application: await application() })
    const misnamed = await logIn({ ...person, database: name() })
    const both = [closed, misnamed]
    const named = both.every(({ description }) => /connection|realm/i.test(description))
    const ends = `not enabled: ${outcomeOf(closed)}; misnamed: ${outcomeOf(misnamed)}`
    return expectThat(
      named && both.every(({ error }) => error === 'invalid_request'),
      `${ends}; the words ${named ? 'are' : 'are not'} there`,
    )
  },
}
