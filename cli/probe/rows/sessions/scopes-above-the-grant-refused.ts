import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const scopesAboveTheGrantRefused: Probe = {
  id: 'scopes-above-the-grant-refused',
  assumption: 'Client credentials with a scope above the client grant are refused, not narrowed.',
  async run({ api, commonApplication, grant, token }) {
    const application = await commonApplication()
    const audience = await api()
    await grant(application, audience, ['read:things'])
    const ask = (scope: string) =>
      token(application, { grant_type: 'client_credentials', audience, scope })
    const within = await ask('read:things')
    if (within.error !== null) throw new Error(`within the grant, ${outcomeOf(within)}`)
    const above = await ask('read:things write:things')
    return expectThat(above.error === 'access_denied', `above the grant, ${outcomeOf(above)}`)
  },
}
