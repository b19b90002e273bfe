import { expectThat, type Probe } from '../../probe.ts'

export const codeLimitIs100000Bytes: Probe = {
  id: 'code-limit-is-100000-bytes',
  assumption: 'The "100 kB" of an Action’s code are 100,000 bytes.',
  async run({ attemptAction, draftAction }) {
    // Refused at once or by the build: both are a limit.
    const { status } = await attemptAction({ code })
    if (status >= 400) return expectThat(true, `101,000 bytes are refused with ${status}`)
    const draft = await draftAction({ code })
    return expectThat(draft.status === 'failed', `the build of 101,000 bytes is ${draft.status}`)
  },
}

const code = `// ${'x'.repeat(101_000 - 3)}`
