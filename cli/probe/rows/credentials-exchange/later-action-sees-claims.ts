import { credentialsExchange, exchangeThat } from '../../actions.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

const one = 'https://migration-probe.example/one'
const seen = 'https://migration-probe.example/seen'

export const laterActionSeesClaims: Probe = {
  id: 'later-action-sees-claims',
  assumption:
    '`event.accessToken.customClaims` of credentials-exchange shows a later Action the claims that earlier ones set.',
  async run({ bindTo, machineToken }) {
    await bindTo(
      credentialsExchange,
      exchangeThat(`api.accessToken.setCustomClaim('${one}', 'set')`),
      exchangeThat(`const { customClaims = {} } = event.accessToken ?? {}
api.accessToken.setCustomClaim('${seen}', customClaims['${one}'] ?? 'nothing')`),
    )
    const { access, ...exchange } = await machineToken()
    if (access[one] !== 'set') throw new Error(`no claim: ${outcomeOf({ access, ...exchange })}`)
    return expectThat(access[seen] === 'set', `the later Action sees ${access[seen]}`)
  },
}
