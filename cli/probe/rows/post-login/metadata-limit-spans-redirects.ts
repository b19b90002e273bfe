import { actionThat, recordKey } from '../../actions.ts'
import { callback } from '../../applications.ts'
import { browse, browseElsewhere, comeBack, openBrowser } from '../../browser.ts'
import { expectThat, type Probe } from '../../probe.ts'

/** Two thirds of the limit, in place of what was there: the profile itself does not grow. */
const writeThat = (seen: string) =>
  `api.user.setAppMetadata('${recordKey}', { seen: '${seen}', filler: 'x'.repeat(20000) })`

export const metadataLimitSpansRedirects: Probe = {
  id: 'metadata-limit-spans-redirects',
  assumption:
    'What a login writes before and after a redirect counts together for the 32 kB of each metadata object.',
  async run(context) {
    const person = await context.user()
    const browser = openBrowser(context)
    // With a session a redirect is one: after a form it may be a page that leads on.
    await browse(context, browser, person)
    const before = actionThat(`${writeThat('before')}
api.redirect.sendUserTo('${callback}?to=elsewhere')`)
    const after = `exports.onContinuePostLogin = async (event, api) => {\n${writeThat('after')}\n}\n`
    await context.bindActions(before + after)
    const state = await browseElsewhere(context, browser, person)
    if ((await context.recorded(person)) !== 'before') {
      throw new Error('20 kB of metadata were not written before the redirect')
    }
    await comeBack(context, browser, state)
    const seen = await context.recorded(person)
    return expectThat(seen === 'before', `the user has what was written ${seen} the redirect`)
  },
}
