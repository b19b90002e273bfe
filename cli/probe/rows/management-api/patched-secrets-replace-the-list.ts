import { succeeded } from '../../../auth0-tenant.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { itemsOf } from '../../resources.ts'

export const patchedSecretsReplaceTheList: Probe = {
  id: 'patched-secrets-replace-the-list',
  assumption: 'PATCH of an Action replaces its secrets whole: one that it does not name is gone.',
  async run({ draftAction, manage }) {
    const [kept, left] = ['KEPT', 'LEFT_OUT'].map((name) => ({ name, value: 'probe' }))
    const { id } = await draftAction({ secrets: [kept, left] })
    const path = `actions/actions/${id}`
    succeeded(await manage('PATCH', path, { secrets: [kept] }), 'PATCH actions')
    const shown = succeeded(await manage('GET', path), 'GET action')
    const names = itemsOf(shown, 'secrets').map(({ name }) => name)
    return expectThat(names.join() === 'KEPT', `there are ${names.join(', ')}`)
  },
}
