import { succeeded } from '../../../auth0-tenant.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { itemsOf } from '../../resources.ts'

export const firstArgumentIsWhatWasTyped: Probe = {
  id: 'first-argument-is-what-was-typed',
  assumption:
    '`WrongUsernameOrPasswordError` takes what the person typed as its first argument, and the tenant log says `fp`; without it, `fu`.',
  async run({ importing, logIn, manage, pause, stranger }) {
    const person = stranger(await importing({ login }))
    for (const password of ['named', 'unnamed']) await logIn(person, { password })
    const query = `connection:"${person.database}" AND type:(fp OR fu)`
    for (let looks = 1; ; looks += 1) {
      const path = `logs?${new URLSearchParams({ q: query, sort: 'date:1', per_page: '50' })}`
      const found = itemsOf(succeeded(await manage('GET', path), 'GET logs'), 'logs')
      const types = found.map(({ type }) => type).join(' ')
      if (found.length >= 2) return expectThat(types === 'fp fu', `the log says ${types}`)
      if (looks === mostLooks) throw new Error('the tenant log does not show the logins')
      await pause()
    }
  },
}

/** With 250 ms between them, a minute: the log is later than the login. */
const mostLooks = 240

const login = `function login(identifier, password, callback) {
  const typed = password === 'named' ? identifier : null
  callback(new WrongUsernameOrPasswordError(typed, 'wrong'))
}`
