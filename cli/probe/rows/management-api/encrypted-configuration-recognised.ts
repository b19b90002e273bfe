import { succeeded } from '../../../auth0-tenant.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { loginWith } from '../../users.ts'

export const encryptedConfigurationRecognised: Probe = {
  id: 'encrypted-configuration-recognised',
  assumption:
    '`configuration` of a connection that is sent back as it was shown stays what it was.',
  async run({ importing, logIn, manage, readUser, stranger }) {
    const login = loginWith('user_metadata: { configured: configuration.PROBE }')
    const database = await importing({ login, configuration: { PROBE: 'as given' } })
    const path = `connections/${database.id}`
    const shown = succeeded<{ readonly options: object }>(
      await manage('GET', path),
      'GET connections',
    )
    succeeded(await manage('PATCH', path, { options: shown.options }), 'PATCH connections')
    const person = stranger(database)
    await logIn(person)
    const same = (await readUser(person.id)).user_metadata?.configured === 'as given'
    return expectThat(same, `the script reads ${same ? 'what was given' : 'something else'}`)
  },
}
