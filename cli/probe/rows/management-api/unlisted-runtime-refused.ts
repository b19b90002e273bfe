import { expectThat, type Probe } from '../../probe.ts'

export const unlistedRuntimeRefused: Probe = {
  id: 'unlisted-runtime-refused',
  assumption: 'An Action with a runtime that its trigger does not list is refused when it is made.',
  async run({ attemptAction }) {
    const { status } = await attemptAction({ runtime: 'node12' })
    return expectThat(status === 400, `node12 is answered ${status}`)
  },
}
