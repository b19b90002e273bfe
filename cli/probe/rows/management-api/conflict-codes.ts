import { isObject } from '../../../auth0-tenant.ts'
import { postLogin } from '../../actions.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const conflictCodes: Probe = {
  id: 'conflict-codes',
  assumption: 'A 409 says `action_conflict`, `resource_conflict` or `client_grant_conflict`.',
  async run({ api, commonApplication, draftAction, grant, manage }) {
    const { name } = await draftAction({})
    const identifier = await api()
    const application = await commonApplication()
    await grant(application, identifier, scope)
    const codeOf = async (path: string, body: object) => {
      const answer = await manage('POST', path, body)
      return `${answer.status} ${isObject(answer.body) ? answer.body.errorCode : ''}`
    }
    const codes = [
      await codeOf('actions/actions', { name, supported_triggers: [postLogin] }),
      await codeOf('resource-servers', { name: 'migration-probe-twin', identifier }),
      await codeOf('client-grants', {
        client_id: application.client_id,
        audience: identifier,
        scope,
      }),
    ].join(', ')
    return expectThat(
      codes === '409 action_conflict, 409 resource_conflict, 409 client_grant_conflict',
      codes,
    )
  },
}

const scope = ['read:things']
