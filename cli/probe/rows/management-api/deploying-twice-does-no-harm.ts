import { isObject, succeeded } from '../../../auth0-tenant.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const deployingTwiceDoesNoHarm: Probe = {
  id: 'deploying-twice-does-no-harm',
  assumption: 'Deploying an Action twice with no change in between is taken, and the code stays.',
  async run({ draftAction, manage }) {
    const { id } = await draftAction({ code })
    const path = `actions/actions/${id}`
    succeeded(await manage('POST', `${path}/deploy`, {}), 'deploying an Action')
    const { status } = await manage('POST', `${path}/deploy`, {})
    const shown = succeeded<Readonly<Record<string, unknown>>>(
      await manage('GET', path),
      'GET action',
    )
    const { deployed_version: running } = shown
    const same = isObject(running) && running.code === code
    return expectThat(
      status < 300 && same,
      `the second time is answered ${status}, and ${same ? 'the same' : 'other'} code is deployed`,
    )
  },
}

const code = 'exports.onExecutePostLogin = async () => {}'
