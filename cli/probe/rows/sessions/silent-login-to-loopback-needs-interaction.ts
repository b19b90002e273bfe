import { loopback } from '../../applications.ts'
import { browse, openBrowser } from '../../browser.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const silentLoginToLoopbackNeedsInteraction: Probe = {
  id: 'silent-login-to-loopback-needs-interaction',
  assumption:
    'A silent login whose callback is a loopback address is refused with `interaction_required`.',
  async run(context) {
    const person = await context.user()
    const browser = openBrowser(context)
    const first = await browse(context, browser, person)
    if (first.error !== null) throw new Error(`the first login ends in ${first.error}`)
    const silent = { prompt: 'none', redirect_uri: loopback }
    const { error } = await browse(context, browser, person, silent)
    return expectThat(error === 'interaction_required', `it ends in ${error ?? 'a code'}`)
  },
}
