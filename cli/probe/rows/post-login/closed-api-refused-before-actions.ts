import { actionRecording } from '../../actions.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const closedApiRefusedBeforeActions: Probe = {
  id: 'closed-api-refused-before-actions',
  assumption: '`user: deny_all` of an API refuses a login before any Action runs.',
  async run({ api, bindActions, logIn, recorded, user }) {
    const audience = await api({
      subject_type_authorization: {
        user: { policy: 'deny_all' },
        client: { policy: 'require_client_grant' },
      },
    })
    const person = await user()
    await bindActions(actionRecording(`'ran'`))
    const login = await logIn(person, { audience, scope: 'openid read:things' })
    const ran = (await recorded(person)) !== undefined
    const holds = login.error !== null && !ran
    return expectThat(holds, `${outcomeOf(login)}, the Actions ${ran ? 'ran' : 'did not run'}`)
  },
}
