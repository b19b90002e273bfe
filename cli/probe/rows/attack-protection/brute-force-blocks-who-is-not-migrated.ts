import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { failingLogin } from '../../users.ts'

/** Auth0's default. https://auth0.com/docs/secure/attack-protection/brute-force-protection */
const threshold = 10

export const bruteForceBlocksWhoIsNotMigrated: Probe = {
  id: 'brute-force-blocks-who-is-not-migrated',
  assumption:
    'Brute-force protection counts wrong passwords of a person who is not in Auth0 yet, and blocks as it does a user.',
  async run({ importing, logIn, stranger, user }) {
    const guess = async (person: Parameters<typeof logIn>[0]) => {
      for (let wrong = 0; wrong < threshold; wrong += 1) await logIn(person, { password: 'wrong' })
      return logIn(person)
    }
    const known = await guess(await user())
    if (known.error !== 'too_many_attempts') {
      throw new Error(`${threshold} wrong passwords block no user here: ${outcomeOf(known)}`)
    }
    const login = await guess(stranger(await importing({ login: failingLogin })))
    const holds = login.error === 'too_many_attempts'
    return expectThat(holds, `after ${threshold} wrong passwords ${outcomeOf(login)}`)
  },
}
