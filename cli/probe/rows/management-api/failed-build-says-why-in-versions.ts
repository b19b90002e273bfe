import { succeeded } from '../../../auth0-tenant.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { itemsOf } from '../../resources.ts'

export const failedBuildSaysWhyInVersions: Probe = {
  id: 'failed-build-says-why-in-versions',
  assumption:
    'Why a build failed is in `errors` of the Action’s latest version, and not in GET of the Action.',
  async run({ draftAction, manage }) {
    const { errors = [], id, status } = await draftAction({ code: 'const = broken' })
    if (status !== 'failed') throw new Error(`the build of broken code is ${status}`)
    const answer = await manage('GET', `actions/actions/${id}/versions`)
    const [latest] = itemsOf(succeeded(answer, 'GET versions'), 'versions')
    const inVersion = itemsOf(latest?.errors, 'errors').length
    return expectThat(
      errors.length === 0 && inVersion > 0,
      `errors of the Action: ${errors.length}, of its latest version: ${inVersion}`,
    )
  },
}
