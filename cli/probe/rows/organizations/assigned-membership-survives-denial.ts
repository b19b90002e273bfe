import { succeeded } from '../../../auth0-tenant.ts'
import { actionThat } from '../../actions.ts'
import { browse, openBrowser } from '../../browser.ts'
import { expectThat, type Probe } from '../../probe.ts'
import { itemsOf } from '../../resources.ts'

export const assignedMembershipSurvivesDenial: Probe = {
  id: 'assigned-membership-survives-denial',
  assumption:
    '`assign_membership_on_login` makes a member before Actions run, also of who is denied by one.',
  async run(context) {
    const person = await context.user()
    const database = await context.commonDatabase()
    const { id, parameters } = await context.organization(database, {
      assign_membership_on_login: true,
    })
    await context.bindActions(actionThat(`api.access.deny('probe')`))
    const { error } = await browse(context, openBrowser(context), person, parameters)
    if (error === null) throw new Error('the Action did not deny')
    const members = await context.manage('GET', `organizations/${id}/members`)
    const found = itemsOf(succeeded(members, 'GET members'), 'members')
    const holds = found.some(({ user_id }) => user_id === person.id)
    return expectThat(holds, `members after a login that ends in ${error}: ${found.length}`)
  },
}
