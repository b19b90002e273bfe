import { actionThat } from '../../actions.ts'
import { callback } from '../../applications.ts'
import { browse, browseElsewhere, comeBack, openBrowser } from '../../browser.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const redirectWithoutContinueFails: Probe = {
  id: 'redirect-without-continue-fails',
  assumption:
    'A login fails that comes back from a redirect to an Action without `onContinuePostLogin`.',
  async run(context) {
    const person = await context.user()
    const browser = openBrowser(context)
    // With a session a redirect is one: after a form it may be a page that leads on.
    await browse(context, browser, person)
    await context.bindActions(actionThat(`api.redirect.sendUserTo('${callback}?to=elsewhere')`))
    const end = await comeBack(context, browser, await browseElsewhere(context, browser, person))
    const error = end instanceof URL ? end.searchParams.get('error') : `page with ${end.status}`
    return expectThat(error === 'access_denied', `the login ends in ${error ?? 'a code'}`)
  },
}
