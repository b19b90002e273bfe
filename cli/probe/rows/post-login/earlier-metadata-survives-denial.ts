import { actionRecording, actionThat } from '../../actions.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const earlierMetadataSurvivesDenial: Probe = {
  id: 'earlier-metadata-survives-denial',
  assumption: 'Metadata that earlier Actions set are kept when a later one denies the login.',
  async run({ bindActions, logIn, recorded, user }) {
    const person = await user()
    await bindActions(actionRecording(`'kept'`), actionThat(`api.access.deny('probe')`))
    if ((await logIn(person)).error === null) throw new Error('the Action did not deny')
    const kept = (await recorded(person)) === 'kept'
    return expectThat(kept, `the metadata of the first Action are ${kept ? 'kept' : 'lost'}`)
  },
}
