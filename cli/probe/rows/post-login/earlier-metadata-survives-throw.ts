import { actionRecording, actionThat } from '../../actions.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const earlierMetadataSurvivesThrow: Probe = {
  id: 'earlier-metadata-survives-throw',
  assumption: 'Metadata that earlier Actions set are kept when a later one throws.',
  async run({ bindActions, logIn, recorded, user }) {
    const person = await user()
    await bindActions(actionRecording(`'kept'`), actionThat(`throw new Error('probe')`))
    if ((await logIn(person)).error === null) throw new Error('the Action that throws lets pass')
    const kept = (await recorded(person)) === 'kept'
    return expectThat(kept, `the metadata of the first Action are ${kept ? 'kept' : 'lost'}`)
  },
}
