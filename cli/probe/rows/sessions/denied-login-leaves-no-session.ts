import { actionThat } from '../../actions.ts'
import { browse, openBrowser } from '../../browser.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const deniedLoginLeavesNoSession: Probe = {
  id: 'denied-login-leaves-no-session',
  assumption: 'A first login that an Action denies leaves no session.',
  async run(context) {
    const person = await context.user()
    await context.bindActions(actionThat(`api.access.deny('probe')`))
    const browser = openBrowser(context)
    const denied = await browse(context, browser, person)
    if (denied.error !== 'access_denied') throw new Error('the Action did not deny')
    // With a session, Actions would run and deny; without one, there is nobody to run them for.
    const { error } = await browse(context, browser, person, { prompt: 'none' })
    return expectThat(error === 'login_required', `a silent login ends in ${error ?? 'a code'}`)
  },
}
