import { type Flip, registration, script } from '../flip.ts'
import { answer } from '../flip-http.ts'

/** Of registration. */
export const flipsOfRegistration: Readonly<Record<string, Flip>> = {
  'taken-address-reaches-no-registration-action': script(
    (run) => run,
    (result, { args, script: called }) =>
      called === 'get_user' && String(args[0]).startsWith('waiting-')
        ? { ...result, outcome: { type: 'not-found' } }
        : result,
  ),
  'registration-error-has-no-friendly-message': answer((answered) =>
    answered.body.code === 'extensibility_error' && answered.body.friendly_message === undefined
      ? { ...answered, body: { ...answered.body, friendly_message: 'Something failed.' } }
      : answered,
  ),
  'denied-user-of-the-management-api-is-400': answer((answered, { route }) =>
    route === 'POST users' && answered.status === 400 ? { ...answered, status: 403 } : answered,
  ),
  'sign-up-body-has-no-password': registration((seen) => ({
    ...seen,
    request: { ...seen.request, body: { ...seen.request.body, password: 'shown' } },
  })),
}
