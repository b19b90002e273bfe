import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const unknownAudienceIsAccessDenied: Probe = {
  id: 'unknown-audience-is-access-denied',
  assumption: 'An `audience` that names no API is `access_denied`, for people and machines alike.',
  async run({ commonApplication, identifier, logIn, token, user }) {
    const audience = identifier()
    const person = await logIn(await user(), { audience })
    const grant = { grant_type: 'client_credentials', audience }
    const machine = await token(await commonApplication(), grant)
    return expectThat(
      person.error === 'access_denied' && machine.error === 'access_denied',
      `a person: ${outcomeOf(person)}; a machine: ${outcomeOf(machine)}`,
    )
  },
}
