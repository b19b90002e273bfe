import { preUserRegistration, registrationThat } from '../../actions.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const deniedUserOfTheManagementApiIs400: Probe = {
  id: 'denied-user-of-the-management-api-is-400',
  assumption:
    'POST of a user whom an Action of pre-user-registration denies is answered 400: the Management API asks them too.',
  async run({ bindTo, commonDatabase, manage, stranger }) {
    await bindTo(preUserRegistration, registrationThat(`api.access.deny('probe', 'probe')`))
    const { database: connection, email, password } = stranger(await commonDatabase())
    const { status } = await manage('POST', 'users', { connection, email, password })
    return expectThat(status === 400, `answered ${status}`)
  },
}
