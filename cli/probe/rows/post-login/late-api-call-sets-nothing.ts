import { actionRecording, actionThat } from '../../actions.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const lateApiCallSetsNothing: Probe = {
  id: 'late-api-call-sets-nothing',
  assumption: 'An `api` call after its Action has returned sets nothing.',
  async run({ bindActions, logIn, readUser, recorded, user }) {
    const person = await user()
    const late = `setTimeout(() => {
  try { api.user.setAppMetadata('late', true) } catch {}
}, 50)`
    await bindActions(actionThat(late), actionThat(wait), actionRecording(`'ran'`))
    await logIn(person)
    if ((await recorded(person)) !== 'ran') throw new Error('the Actions did not run')
    const { app_metadata: metadata = {} } = await readUser(person.id)
    const set = metadata.late !== undefined
    return expectThat(!set, `the late call ${set ? 'sets' : 'does not set'} metadata`)
  },
}

const wait = 'await new Promise((resolve) => setTimeout(resolve, 300))'
