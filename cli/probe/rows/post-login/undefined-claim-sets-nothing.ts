import { actionThat } from '../../actions.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const undefinedClaimSetsNothing: Probe = {
  id: 'undefined-claim-sets-nothing',
  assumption: '`setCustomClaim` with `undefined` sets no claim and fails no login.',
  async run({ bindActions, logIn, user }) {
    const person = await user()
    await bindActions(
      actionThat(`api.idToken.setCustomClaim('${namespace}undefined', undefined)
api.idToken.setCustomClaim('${namespace}defined', 1)`),
    )
    const login = await logIn(person)
    const { [`${namespace}defined`]: other, [`${namespace}undefined`]: claim } = login.id
    const holds = other === 1 && claim === undefined
    return expectThat(
      holds,
      `the claim is ${JSON.stringify(claim) ?? 'absent'}; ${outcomeOf(login)}`,
    )
  },
}

const namespace = 'https://migration-probe.example/'
