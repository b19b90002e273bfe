import { credentialsExchange, exchangeThat } from '../../actions.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

const ran = 'https://migration-probe.example/ran'

export const noProfileClaims: Probe = {
  id: 'no-profile-claims',
  assumption:
    'A custom claim that is called as one of OIDC’s profile claims does not reach a machine’s token.',
  async run({ bindTo, machineToken }) {
    const claims = `api.accessToken.setCustomClaim('${ran}', true)
api.accessToken.setCustomClaim('zoneinfo', 'Europe/Paris')`
    await bindTo(credentialsExchange, exchangeThat(claims))
    const { access, ...exchange } = await machineToken()
    if (access[ran] !== true) throw new Error(`no claim: ${outcomeOf({ access, ...exchange })}`)
    const holds = access.zoneinfo === undefined
    return expectThat(holds, `the token has ${holds ? 'no' : 'a'} zoneinfo`)
  },
}
