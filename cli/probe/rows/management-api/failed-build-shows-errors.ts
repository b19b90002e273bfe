import { expectThat, type Probe } from '../../probe.ts'

export const failedBuildShowsErrors: Probe = {
  id: 'failed-build-shows-errors',
  assumption: 'GET of an Action whose build failed has `errors`.',
  async run({ draftAction }) {
    const { errors = [], status } = await draftAction({ code: 'const = broken' })
    if (status !== 'failed') throw new Error(`the build of broken code is ${status}`)
    return expectThat(errors.length > 0, `errors: ${errors.length}`)
  },
}
