import { allOf, type Fact } from '../fact.ts'
import { logIn } from '../login.ts'
import { callsDuring } from '../observe.ts'
import { signUp } from '../self-service.ts'

export const newSignUpMakesNoLegacyCall: Fact = {
  name: 'new-sign-up-makes-no-legacy-call',
  async show(world) {
    // Nobody's address, and another at each run.
    const email = `newcomer.${world.legacy.takeUser().legacy_id}@example.com`
    const password = 'N3w-Passw0rd!'
    const signedUp = await callsDuring(world, () => signUp(world, email, password))
    const login = await callsDuring(world, () => logIn(world, { email, password }))
    return allOf([
      [signedUp.result === 200, 'a person unknown to the old store signs up'],
      // Auth0 runs get_user to see whether the address is free: a tenant cannot switch that off.
      [signedUp.calls.length === 1, 'Auth0 asks get_user once whether the address is free'],
      [login.result.type === 'tokens', 'the person logs in'],
      [login.calls.length === 0, 'with 0 legacy calls'],
    ])
  },
}
