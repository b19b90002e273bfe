import { actionThat, recordKey } from '../../actions.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const refusedMetadataKeyThrows: Probe = {
  id: 'refused-metadata-key-throws',
  assumption: '`api.user.setAppMetadata` throws for a key that Auth0 refuses, when it is called.',
  async run({ bindActions, logIn, recorded, user }) {
    const person = await user()
    await bindActions(
      actionThat(`let seen = 'nothing'
try { api.user.setAppMetadata('email', 'probe') } catch { seen = 'an error' }
api.user.setAppMetadata('${recordKey}', { seen })`),
    )
    const login = await logIn(person)
    const seen = await recorded(person)
    return expectThat(seen === 'an error', `the Action sees ${seen}, and ${outcomeOf(login)}`)
  },
}
