import { actionThat } from '../../actions.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const firstDenialStands: Probe = {
  id: 'first-denial-stands',
  assumption: 'Of two denials in one Action the first gives the reason.',
  async run({ bindActions, logIn, user }) {
    const person = await user()
    await bindActions(actionThat(`api.access.deny('probe-first')\napi.access.deny('probe-second')`))
    const { error, description } = await logIn(person)
    if (error === null) throw new Error('the Action did not deny')
    const first = description === 'probe-first'
    return expectThat(first, `the application is told ${first ? 'the first' : 'another'} reason`)
  },
}
