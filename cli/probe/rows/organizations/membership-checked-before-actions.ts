import { actionRecording } from '../../actions.ts'
import { browse, openBrowser } from '../../browser.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const membershipCheckedBeforeActions: Probe = {
  id: 'membership-checked-before-actions',
  assumption: 'Who is no member of the organization is refused before any Action runs.',
  async run(context) {
    const person = await context.user()
    const { parameters } = await context.organization(await context.commonDatabase())
    await context.bindActions(actionRecording('true'))
    const { error } = await browse(context, openBrowser(context), person, parameters)
    if (error === null) return expectThat(false, 'the login passes')
    const ran = (await context.recorded(person)) === true
    return expectThat(
      !ran,
      `the login ends in ${error}, and the Action ${ran ? 'has' : 'has not'} run`,
    )
  },
}
