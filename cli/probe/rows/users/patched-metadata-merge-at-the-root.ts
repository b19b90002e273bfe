import { isObject, succeeded } from '../../../auth0-tenant.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const patchedMetadataMergeAtTheRoot: Probe = {
  id: 'patched-metadata-merge-at-the-root',
  assumption:
    'PATCH of a user’s `app_metadata` replaces the keys that it names, whole, and leaves all others.',
  async run({ manage, readUser, user }) {
    const { id } = await user({ app_metadata: { other: 1, named: { before: 1 } } })
    const body = { app_metadata: { named: { after: 1 } } }
    succeeded(await manage('PATCH', `users/${encodeURIComponent(id)}`, body), 'PATCH users')
    const { app_metadata: { named, other } = {} } = await readUser(id)
    const keys = isObject(named) ? Object.keys(named) : []
    return expectThat(
      other === 1 && keys.join() === 'after',
      `the other key is ${other === 1 ? 'there' : 'gone'}, the named one has ${keys.join(', ')}`,
    )
  },
}
