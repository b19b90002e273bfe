import { keyedApplication } from '../../assertions.ts'
import type { ProbeContext } from '../../context.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const expiredAssertionHasNoLeeway: Probe = {
  id: 'expired-assertion-has-no-leeway',
  assumption:
    'The 10 seconds of clock skew for `iat` and `nbf` are not for `exp`: an assertion that is over by 5 seconds is refused.',
  async run(context) {
    const { ask, assertion } = await keyedApplication(context)
    const now = await secondsOf(context)
    const good = await ask(await assertion({ iat: now - 30, exp: now + 30 }))
    if (good.error !== null) throw new Error(`before it is over ${outcomeOf(good)}`)
    const over = await ask(await assertion({ iat: now - 30, exp: now - 5 }))
    return expectThat(over.error !== null, `over by 5 seconds: ${outcomeOf(over)}`)
  },
}

/** By the tenant's clock: the one here may be wrong by more than the leeway. */
async function secondsOf({ fetch, issuer }: ProbeContext) {
  const { headers } = await fetch(`${issuer}.well-known/openid-configuration`)
  const time = Date.parse(headers.get('date') ?? '')
  return Math.floor((Number.isNaN(time) ? Date.now() : time) / 1_000)
}
