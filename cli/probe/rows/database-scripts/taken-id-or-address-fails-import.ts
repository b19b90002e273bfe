import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { loginWith } from '../../users.ts'

export const takenIdOrAddressFailsImport: Probe = {
  id: 'taken-id-or-address-fails-import',
  assumption: 'An import whose id or address belongs to another user fails.',
  async run({ importing, logIn, stranger }) {
    const database = await importing({ login: loginWith(overridden) })
    const first = stranger(database)
    const owner = await logIn(first)
    if (owner.error !== null) throw new Error(`with a good profile ${outcomeOf(owner)}`)
    const claim = (member: string, value: string) => {
      const other = stranger(database)
      return logIn(other, { password: `${other.password}!${member}!${value}` })
    }
    const byId = await claim('user_id', first.id.slice('auth0|'.length))
    const byAddress = await claim('email', first.email)
    const holds = byId.error !== null && byAddress.error !== null
    return expectThat(holds, `a taken id: ${outcomeOf(byId)}; address: ${outcomeOf(byAddress)}`)
  },
}

/** `…!user_id!value` as a password makes the value the profile's id. */
const overridden = `...(password.includes('!') && {
    [password.split('!')[1]]: password.split('!')[2]
  })`
