import { actionThat, recordKey } from '../../actions.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const ownMetadataUnseen: Probe = {
  id: 'own-metadata-unseen',
  assumption: 'An Action does not see in its own `event.user` what it has set itself.',
  async run({ bindActions, logIn, recorded, user }) {
    const person = await user()
    const set = actionThat(`api.user.setAppMetadata('own', 'set')
const seen = event.user.app_metadata.own ?? 'nothing'
api.user.setAppMetadata('${recordKey}', { seen })`)
    await bindActions(set)
    await logIn(person)
    const seen = await recorded(person)
    return expectThat(seen === 'nothing', `the Action sees ${seen}`)
  },
}
