import { actionThat } from '../../actions.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const profileClaimsNeedTheirScope: Probe = {
  id: 'profile-claims-need-their-scope',
  assumption:
    'A custom claim that is called as one of OIDC’s profile claims reaches the ID token only when its scope was asked for.',
  async run({ bindActions, logIn, user }) {
    const person = await user()
    await bindActions(
      actionThat(`api.idToken.setCustomClaim('https://migration-probe.example/ran', true)
api.idToken.setCustomClaim('zoneinfo', 'Europe/Paris')`),
    )
    const login = await logIn(person, { scope: 'openid' })
    if (login.id['https://migration-probe.example/ran'] !== true) {
      throw new Error(`the Action did not run: ${outcomeOf(login)}`)
    }
    const holds = login.id.zoneinfo === undefined
    return expectThat(holds, `without the scope the ID token has ${holds ? 'no' : 'a'} zoneinfo`)
  },
}
