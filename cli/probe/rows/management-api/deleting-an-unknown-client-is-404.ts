import { expectThat, type Probe } from '../../probe.ts'

export const deletingAnUnknownClientIs404: Probe = {
  id: 'deleting-an-unknown-client-is-404',
  assumption: 'DELETE of an application that there is not is 404.',
  async run({ manage }) {
    const { status } = await manage('DELETE', `clients/${'no'.repeat(16)}`)
    return expectThat(status === 404, `answered ${status}`)
  },
}
