import { isObject } from '../../../auth0-tenant.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const failedDraftDeploysLikeAPendingOne: Probe = {
  id: 'failed-draft-deploys-like-a-pending-one',
  assumption: 'Deploying a draft whose build failed is answered as one that is not built yet.',
  async run({ draftAction, manage }) {
    const draft = await draftAction({ code: 'const = broken' })
    if (draft.status !== 'failed') throw new Error(`the build of broken code is ${draft.status}`)
    const { status, body } = await manage('POST', `actions/actions/${draft.id}/deploy`, {})
    const message = isObject(body) ? String(body.message) : ''
    // What deploy-cli goes by when it tries again.
    const same = status === 400 && message.includes("must be in the 'built' state")
    return expectThat(same, `answered ${status}, ${same ? 'in the same' : 'in other'} words`)
  },
}
