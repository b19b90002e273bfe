import { keyedApplication, newKeyPair, publicCredential } from '../../assertions.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const thirdCredentialIsRefused: Probe = {
  id: 'third-credential-is-refused',
  assumption: 'An application has two credentials at most: a third is refused when it is added.',
  async run(context) {
    const { client_id } = await keyedApplication(context)
    const add = async () => {
      const credential = publicCredential(newKeyPair().publicKey)
      return (await context.manage('POST', `clients/${client_id}/credentials`, credential)).status
    }
    const second = await add()
    if (second !== 201) throw new Error(`a second credential is answered ${second}`)
    const third = await add()
    return expectThat(third >= 400 && third < 500, `a third is answered ${third}`)
  },
}
