import { credentialsExchange, exchangeThat } from '../../actions.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const errorIsServerError: Probe = {
  id: 'error-is-server-error',
  assumption: 'An error that an Action of credentials-exchange does not catch is `server_error`.',
  async run({ bindTo, machineToken }) {
    await bindTo(credentialsExchange, exchangeThat(`throw new Error('probe')`))
    const exchange = await machineToken()
    return expectThat(exchange.error === 'server_error', outcomeOf(exchange))
  },
}
