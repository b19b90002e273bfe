import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { loginWith } from '../../users.ts'

export const globalOutlivesACall: Probe = {
  id: 'global-outlives-a-call',
  assumption: '`global` of a script lasts from one call to the next.',
  async run({ importing, logIn, name, readUser, stranger }) {
    const key = name()
    const counting = `user_metadata: { calls: (global['${key}'] = (global['${key}'] ?? 0) + 1) }`
    const database = await importing({ login: loginWith(counting) })
    await logIn(stranger(database))
    const second = stranger(database)
    const login = await logIn(second)
    if (login.error !== null) throw new Error(outcomeOf(login))
    const calls = (await readUser(second.id)).user_metadata?.calls
    return expectThat(calls === 2, `the second call counts ${calls}`)
  },
}
