import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const callbackIsTheLastArgument: Probe = {
  id: 'callback-is-the-last-argument',
  assumption:
    'A script is called with exactly the documented arguments, so that the last is the callback with and without `context`.',
  async run({ importing, logIn, readUser, stranger }) {
    const argumentsOf = async (context: boolean) => {
      const person = stranger(await importing({ login: counting, context }))
      const login = await logIn(person)
      if (login.error !== null) throw new Error(outcomeOf(login))
      return (await readUser(person.id)).user_metadata?.count
    }
    const [without, withContext] = [await argumentsOf(false), await argumentsOf(true)]
    const holds = without === 3 && withContext === 4
    return expectThat(holds, `${without} arguments, ${withContext} with context`)
  },
}

const counting = `function login() {
  const email = arguments[0]
  const callback = arguments[arguments.length - 1]
  const user_metadata = { count: arguments.length }
  callback(null, { user_id: email.split('@')[0], email, email_verified: true, user_metadata })
}`
