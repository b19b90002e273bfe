import { actionRecording } from '../../actions.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { loginWith } from '../../users.ts'

export const createdAtIsImportTime: Probe = {
  id: 'created-at-is-import-time',
  assumption: '`created_at` of a lazily migrated user is the moment of the import.',
  async run({ bindActions, importing, logIn, recorded, stranger }) {
    const person = stranger(await importing({ login: loginWith('') }))
    await bindActions(actionRecording('event.user.created_at'))
    await logIn(person)
    const seconds = Math.round((Date.now() - Date.parse(String(await recorded(person)))) / 1_000)
    if (Number.isNaN(seconds)) throw new Error('the Action did not run')
    // An hour of grace for clocks that do not agree.
    return expectThat(Math.abs(seconds) < 3_600, `created ${seconds} s ago`)
  },
}
