import { expectThat, type Probe } from '../../probe.ts'

/** More than the 20 at once of the documentation. */
// https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy/database-connections-rate-limits
const attempts = 30

export const sameUserLimitCountsRightPasswords: Probe = {
  id: 'same-user-limit-counts-right-passwords',
  assumption: 'The limit of logins of one user from one address counts right passwords too.',
  async run({ logIn, user }) {
    const person = await user()
    const logins = await Promise.all(Array.from({ length: attempts }, () => logIn(person)))
    const passed = logins.filter(({ error }) => error === null).length
    if (passed === 0) throw new Error('nobody can log in')
    const refused = logins.filter(({ status }) => status === 429).length
    return expectThat(refused > 0, `of ${attempts} logins at once ${refused} are refused with 429`)
  },
}
