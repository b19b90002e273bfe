import { expectThat, type Probe } from '../../probe.ts'

export const oversizedCodeFailsTheBuild: Probe = {
  id: 'oversized-code-fails-the-build',
  assumption: 'Code over the limit is taken, and fails the build.',
  async run({ attemptAction, draftAction }) {
    const { status } = await attemptAction({ code })
    if (status >= 400) return expectThat(false, `110,000 bytes are refused with ${status}`)
    const draft = await draftAction({ code })
    return expectThat(draft.status === 'failed', `the build of 110,000 bytes is ${draft.status}`)
  },
}

const code = `// ${'x'.repeat(110_000 - 3)}`
