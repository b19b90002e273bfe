import { isObject, succeeded } from '../../../auth0-tenant.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const signUpSaysUserExists: Probe = {
  id: 'sign-up-says-user-exists',
  assumption:
    'A sign-up with a taken address is told `user_exists`, unless `flags.enable_public_signup_user_exists_error` is false.',
  async run({ commonApplication, manage, send, user }) {
    const { database: connection, email, password } = await user()
    const { client_id } = await commonApplication()
    const body = { client_id, connection, email, password }
    const answer = await send('POST', 'dbconnections/signup', body)
    const code = isObject(answer.body) ? answer.body.code : undefined
    const settings = await manage('GET', 'tenants/settings?fields=flags')
    const { flags } = succeeded<{ readonly flags?: unknown }>(settings, 'GET tenants/settings')
    const flag = isObject(flags) ? flags.enable_public_signup_user_exists_error : undefined
    const expected = flag === false ? 'invalid_signup' : 'user_exists'
    return expectThat(code === expected, `with the flag ${flag ?? 'absent'}: ${code}`)
  },
}
