import { keyedApplication, newKeyPair } from '../../assertions.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const badAssertionIsAccessDenied: Probe = {
  id: 'bad-assertion-is-access-denied',
  assumption:
    'A client assertion by a key that is not the application’s gets 401 `access_denied`, as a wrong secret does.',
  async run(context) {
    const { ask, assertion } = await keyedApplication(context)
    const right = await ask(await assertion())
    if (right.error !== null) throw new Error(`with its own key ${outcomeOf(right)}`)
    const wrong = await ask(await assertion({}, newKeyPair().privateKey))
    return expectThat(wrong.status === 401 && wrong.error === 'access_denied', outcomeOf(wrong))
  },
}
