import { isObject } from '../../../auth0-tenant.ts'
import { actionRecording } from '../../actions.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const linkedAccountBringsNoMetadata: Probe = {
  id: 'linked-account-brings-no-metadata',
  assumption:
    'A login with a linked account shows Actions the primary account, with the primary’s metadata alone.',
  async run({ bindActions, link, logIn, recorded, user }) {
    const primary = await user({ app_metadata: { of: 'primary', primary: true } })
    const linked = await user({ app_metadata: { of: 'linked', linked: true } })
    await link(primary, linked)
    await bindActions(actionRecording('event.user.app_metadata'))
    const login = await logIn(linked)
    const seen = await recorded(primary)
    if (!isObject(seen)) throw new Error(`the primary was not logged in: ${outcomeOf(login)}`)
    const holds = seen.of === 'primary' && seen.linked === undefined
    return expectThat(holds, `Actions see ${Object.keys(seen).sort().join(', ')}`)
  },
}
