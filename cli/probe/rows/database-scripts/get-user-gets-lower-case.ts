import { expectThat, type Probe } from '../../probe.ts'

export const getUserGetsLowerCase: Probe = {
  id: 'get-user-gets-lower-case',
  assumption: 'The get_user script gets the address in lower case.',
  async run({ commonApplication, importing, send, stranger }) {
    const get_user = `function getUser(email, callback) {
  callback(email === email.toLowerCase() ? null : new Error('upper case'))
}`
    const { database: connection, email, password } = stranger(await importing({ get_user }))
    const { client_id } = await commonApplication()
    const typed = email.replace('migration-probe', 'Migration-PROBE')
    const body = { client_id, connection, email: typed, password }
    const { status } = await send('POST', 'dbconnections/signup', body)
    return expectThat(status === 200, `a sign-up with upper case ends in ${status}`)
  },
}
