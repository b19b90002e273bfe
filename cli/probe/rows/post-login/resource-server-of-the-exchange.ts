import { actionRecording } from '../../actions.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const resourceServerOfTheExchange: Probe = {
  id: 'resource-server-of-the-exchange',
  assumption:
    '`event.resource_server` is the API that a refresh token exchange asks for, also when the login was for another.',
  async run({
    api,
    application,
    bindActions,
    commonDatabase,
    logIn,
    open,
    recorded,
    refresh,
    user,
  }) {
    const [first, second] = [await api(), await api()]
    const multi = await application({
      refresh_token: {
        rotation_type: 'non-rotating',
        expiration_type: 'non-expiring',
        policies: [{ audience: second, scope: ['read:things'] }],
      },
    })
    await open(await commonDatabase(), multi)
    const person = await user()
    const scope = 'openid offline_access read:things'
    const login = await logIn(person, { application: multi, audience: first, scope })
    if (login.refreshToken === null) throw new Error(`no refresh token: ${outcomeOf(login)}`)
    await bindActions(actionRecording(`event.resource_server?.identifier ?? 'nothing'`))
    const exchange = await refresh(multi, login.refreshToken, { audience: second })
    const seen = await recorded(person)
    const what = seen === first ? 'the API of the login' : seen
    return expectThat(seen === second, `the Action sees ${what}; ${outcomeOf(exchange)}`)
  },
}
