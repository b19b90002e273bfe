import { preUserRegistration, registrationThat } from '../../actions.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { signUp } from '../../sign-up.ts'

export const signUpBodyHasNoPassword: Probe = {
  id: 'sign-up-body-has-no-password',
  assumption: '`event.request.body` of a sign-up has no `password`.',
  async run(context) {
    // Names, and no values: the answer is evidence.
    const names = `'names: ' + Object.keys(event.request.body ?? {}).sort().join(', ')`
    await context.bindTo(
      preUserRegistration,
      registrationThat(`api.access.deny('probe', ${names})`),
    )
    const person = context.stranger(await context.commonDatabase())
    const { code, friendlyMessage: seen, status } = await signUp(context, person)
    if (seen === null) throw new Error(`the Action is not heard: ${status} ${code}`)
    return expectThat(!/\bpassword\b/.test(seen), `the body has ${seen}`)
  },
}
