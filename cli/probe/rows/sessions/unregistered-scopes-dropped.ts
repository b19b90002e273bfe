import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const unregisteredScopesDropped: Probe = {
  id: 'unregistered-scopes-dropped',
  assumption: 'A person’s login drops scopes that the API does not have.',
  async run({ api, logIn, user }) {
    const audience = await api()
    const login = await logIn(await user(), { audience, scope: 'openid read:things sell:things' })
    const scopes = String(login.access.scope ?? '').split(' ')
    const holds = scopes.includes('read:things') && !scopes.includes('sell:things')
    return expectThat(
      holds,
      login.error === null ? `granted: ${scopes.join(' ')}` : outcomeOf(login),
    )
  },
}
