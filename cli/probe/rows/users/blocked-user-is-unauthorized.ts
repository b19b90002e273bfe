import { succeeded } from '../../../auth0-tenant.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const blockedUserIsUnauthorized: Probe = {
  id: 'blocked-user-is-unauthorized',
  assumption: 'The login of a blocked user ends in `unauthorized`.',
  async run({ logIn, manage, user }) {
    const person = await user()
    const path = `users/${encodeURIComponent(person.id)}`
    succeeded(await manage('PATCH', path, { blocked: true }), 'PATCH users')
    const login = await logIn(person)
    return expectThat(login.error === 'unauthorized', outcomeOf(login))
  },
}
