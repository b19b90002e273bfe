import { isObject } from '../../../auth0-tenant.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const linkedAccountIsNotFoundById: Probe = {
  id: 'linked-account-is-not-found-by-id',
  assumption:
    'GET of a user by the id of an account that is linked to another is 404 `inexistent_user`.',
  async run({ link, manage, user }) {
    const [primary, linked] = [await user(), await user()]
    await link(primary, linked)
    const { body, status } = await manage('GET', `users/${encodeURIComponent(linked.id)}`)
    const code = isObject(body) ? String(body.errorCode ?? '') : ''
    return expectThat(status === 404 && code === 'inexistent_user', `answered ${status} ${code}`)
  },
}
