import { actionThat } from '../../actions.ts'
import { callback } from '../../applications.ts'
import { browse, openBrowser } from '../../browser.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const firstRedirectStands: Probe = {
  id: 'first-redirect-stands',
  assumption: 'Of two redirects that one Action asks for the first is where the browser goes.',
  async run(context) {
    const person = await context.user()
    const browser = openBrowser(context)
    // With a session a redirect is one: after a form it may be a page that leads on.
    await browse(context, browser, person)
    await context.bindActions(
      actionThat(`api.redirect.sendUserTo('${callback}?to=one')
api.redirect.sendUserTo('${callback}?to=other')`),
    )
    const { at } = await browse(context, browser, person)
    const to = at.searchParams.get('to')
    return expectThat(to === 'one', `the browser goes to the ${to ?? 'application'}`)
  },
}
