import { actionThat, recordKey } from '../../actions.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const cacheLifetimeOverADayRefused: Probe = {
  id: 'cache-lifetime-over-a-day-refused',
  assumption: 'A lifetime over 24 hours in `api.cache` is refused with `InvalidExpiry`.',
  async run({ bindActions, logIn, recorded, user }) {
    const person = await user()
    await bindActions(
      actionThat(`const { type, code } = api.cache.set('probe-day', '1', { ttl: 90000000 })
api.cache.delete('probe-day')
api.user.setAppMetadata('${recordKey}', { seen: code ?? type })`),
    )
    await logIn(person)
    const seen = await recorded(person)
    return expectThat(seen === 'InvalidExpiry', `25 hours end in ${seen}`)
  },
}
