import { actionThat } from '../../actions.ts'
import { browse, openBrowser } from '../../browser.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const sessionSurvivesDenial: Probe = {
  id: 'session-survives-denial',
  assumption: 'A session that exists survives a later login that an Action denies.',
  async run(context) {
    const person = await context.user()
    const browser = openBrowser(context)
    const first = await browse(context, browser, person)
    if (first.error !== null) throw new Error(`the first login ends in ${first.error}`)
    await context.bindActions(actionThat(`api.access.deny('probe')`))
    const denied = await browse(context, browser, person, { prompt: 'none' })
    if (denied.error === null) throw new Error('the Action did not deny')
    await context.bindActions()
    const { error } = await browse(context, browser, person, { prompt: 'none' })
    return expectThat(error === null, `a silent login after it ends in ${error ?? 'a code'}`)
  },
}
