import { expectThat, type Probe } from '../../probe.ts'

export const newSecretNeedsAValue: Probe = {
  id: 'new-secret-needs-a-value',
  assumption: 'A new secret without a value is refused.',
  async run({ attemptAction }) {
    const { status } = await attemptAction({ secrets: [{ name: 'PROBE' }] })
    return expectThat(status === 400, `answered ${status}`)
  },
}
