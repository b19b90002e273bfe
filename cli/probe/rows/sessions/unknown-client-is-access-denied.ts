import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const unknownClientIsAccessDenied: Probe = {
  id: 'unknown-client-is-access-denied',
  assumption: 'An unknown application and a wrong secret both get 401 `access_denied`.',
  async run({ commonApplication, token }) {
    const { client_id } = await commonApplication()
    const grant = { grant_type: 'client_credentials', audience: 'https://migration-probe.example/' }
    const client_secret = 'no-such-secret'
    const unknown = await token({ client_id: 'no'.repeat(16), client_secret }, grant)
    const wrong = await token({ client_id, client_secret }, grant)
    const holds = [unknown, wrong].every(
      (one) => one.status === 401 && one.error === 'access_denied',
    )
    const evidence = `unknown: ${outcomeOf(unknown)}; wrong secret: ${outcomeOf(wrong)}`
    return expectThat(holds, evidence)
  },
}
