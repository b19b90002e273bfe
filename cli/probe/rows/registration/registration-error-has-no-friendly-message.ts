import { preUserRegistration, registrationThat } from '../../actions.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { signUp } from '../../sign-up.ts'

export const registrationErrorHasNoFriendlyMessage: Probe = {
  id: 'registration-error-has-no-friendly-message',
  assumption:
    'An error that an Action of pre-user-registration does not catch refuses the sign-up as `extensibility_error`, as a denial does, without `friendly_message`.',
  async run(context) {
    await context.bindTo(preUserRegistration, registrationThat(`throw new Error('probe')`))
    const person = context.stranger(await context.commonDatabase())
    const { code, friendlyMessage, status } = await signUp(context, person)
    const holds = status >= 400 && code === 'extensibility_error' && friendlyMessage === null
    const message = friendlyMessage === null ? 'without' : 'with'
    return expectThat(holds, `answered ${status} ${code}, ${message} friendly_message`)
  },
}
