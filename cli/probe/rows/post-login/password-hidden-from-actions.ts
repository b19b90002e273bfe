import { actionRecording } from '../../actions.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const passwordHiddenFromActions: Probe = {
  id: 'password-hidden-from-actions',
  assumption: '`event.request.body` of a password grant has no `password`.',
  async run({ bindActions, logIn, recorded, user }) {
    const person = await user()
    await bindActions(actionRecording('Object.keys(event.request.body).sort()'))
    await logIn(person)
    const names = await recorded(person)
    if (!Array.isArray(names)) throw new Error('the Action did not run')
    return expectThat(!names.includes('password'), `the body has ${names.join(', ')}`)
  },
}
