import { isObject, succeeded } from '../../../auth0-tenant.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { itemsOf } from '../../resources.ts'

export const linkedAccountIsFoundByThePrimaryAddress: Probe = {
  id: 'linked-account-is-found-by-the-primary-address',
  assumption:
    'GET /users-by-email finds a linked account by the address of its primary one and not by its own, which is `profileData.email` of its identity.',
  async run({ link, manage, user }) {
    const [primary, linked] = [await user(), await user()]
    await link(primary, linked)
    const find = async (email: string) => {
      const path = `users-by-email?${new URLSearchParams({ email })}`
      return itemsOf(succeeded(await manage('GET', path), 'GET users-by-email'), 'users')
    }
    const [byPrimary, byOwn] = [await find(primary.email), await find(linked.email)]
    const shown = byPrimary.flatMap(({ identities }) => itemsOf(identities, 'identities'))
    const own = shown.some(({ profileData: data }) => isObject(data) && data.email === linked.email)
    return expectThat(
      byPrimary.length === 1 && own && byOwn.length === 0,
      `found by the primary’s address: ${byPrimary.length}, ${own ? 'with' : 'without'} the own in profileData; by its own: ${byOwn.length}`,
    )
  },
}
