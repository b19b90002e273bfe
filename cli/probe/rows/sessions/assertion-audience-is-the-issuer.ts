import { keyedApplication } from '../../assertions.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const assertionAudienceIsTheIssuer: Probe = {
  id: 'assertion-audience-is-the-issuer',
  assumption:
    'The `aud` of a client assertion has to be the tenant’s URL with its last slash, as text: a list of it and the URL of the token endpoint are refused.',
  async run(context) {
    const { issuer } = context
    const { ask, assertion } = await keyedApplication(context)
    const text = await ask(await assertion())
    if (text.error !== null) return expectThat(false, `with the tenant’s URL ${outcomeOf(text)}`)
    const others = [
      await ask(await assertion({ aud: [issuer] })),
      await ask(await assertion({ aud: `${issuer}oauth/token` })),
    ]
    return expectThat(
      others.every(({ error }) => error !== null),
      others.map(outcomeOf).join('; '),
    )
  },
}
