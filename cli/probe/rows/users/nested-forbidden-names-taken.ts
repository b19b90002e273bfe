import { expectThat, type Probe } from '../../probe.ts'

export const nestedForbiddenNamesTaken: Probe = {
  id: 'nested-forbidden-names-taken',
  assumption: 'Names that are forbidden at the root of `app_metadata` are taken below it.',
  async run({ manage, user }) {
    const { id } = await user()
    const body = { app_metadata: { contact: { email: 'probe' } } }
    const { status } = await manage('PATCH', `users/${encodeURIComponent(id)}`, body)
    return expectThat(status === 200, `app_metadata.contact.email is answered ${status}`)
  },
}
