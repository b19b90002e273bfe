import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const revocationEndsRotatedTokens: Probe = {
  id: 'revocation-ends-rotated-tokens',
  assumption:
    'Revoking a refresh token that was rotated out ends the one that took its place, and none of another login.',
  async run({ commonDatabase, logIn, refresh, rotatingApplication, send, user }) {
    const application = await rotatingApplication(await commonDatabase())
    const person = await user()
    const request = { application, scope: 'openid offline_access' }
    const [first, other] = [await logIn(person, request), await logIn(person, request)]
    if (first.refreshToken === null || other.refreshToken === null) {
      throw new Error(`no refresh token: ${outcomeOf(first)}`)
    }
    const second = await refresh(application, first.refreshToken)
    if (second.refreshToken === null) throw new Error(`no rotation: ${outcomeOf(second)}`)
    const { client_id, client_secret } = application
    const revocation = { client_id, client_secret, token: first.refreshToken }
    const { status } = await send('POST', 'oauth/revoke', revocation)
    if (status !== 200) throw new Error(`revoking is answered with ${status}`)
    const after = await refresh(application, second.refreshToken)
    const elsewhere = await refresh(application, other.refreshToken)
    return expectThat(
      after.error !== null && elsewhere.error === null,
      `by its successor ${outcomeOf(after)}; by another login’s token ${outcomeOf(elsewhere)}`,
    )
  },
}
