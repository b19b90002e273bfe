import { preUserRegistration, registrationThat } from '../../actions.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { signUp } from '../../sign-up.ts'

export const takenAddressReachesNoRegistrationAction: Probe = {
  id: 'taken-address-reaches-no-registration-action',
  assumption:
    'get_user is asked before the Actions of pre-user-registration: whoever signs up with an address that waits to be migrated reaches none of them.',
  async run(context) {
    const database = await context.importing({ get_user })
    await context.bindTo(preUserRegistration, registrationThat(`api.access.deny('probe', 'probe')`))
    const free = context.stranger(database)
    const denied = await signUp(context, free)
    if (denied.code !== 'extensibility_error') {
      throw new Error(`an Action that denies is answered ${denied.status} ${denied.code}`)
    }
    const waiting = { ...free, email: `waiting-${free.email}` }
    const { code, status } = await signUp(context, waiting)
    const holds = status >= 400 && code !== 'extensibility_error'
    return expectThat(holds, `with one that denies, the sign-up is answered ${status} ${code}`)
  },
}

const get_user = `function getUser(email, callback) {
  if (!email.startsWith('waiting-')) return callback(null)
  callback(null, { user_id: email.split('@')[0], email, email_verified: true })
}`
