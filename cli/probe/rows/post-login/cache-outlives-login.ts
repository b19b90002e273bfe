import { actionThat, recordKey } from '../../actions.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const cacheOutlivesLogin: Probe = {
  id: 'cache-outlives-login',
  assumption: 'An entry that one login puts into `api.cache` is there at the next.',
  async run({ bindActions, logIn, recorded, user }) {
    const person = await user()
    await bindActions(
      actionThat(`const seen = api.cache.get('probe-outlives')?.value ?? 'nothing'
api.cache.set('probe-outlives', 'put', { ttl: 60000 })
api.user.setAppMetadata('${recordKey}', { seen })`),
    )
    await logIn(person)
    await logIn(person)
    const seen = await recorded(person)
    return expectThat(seen === 'put', `the second login finds ${seen}`)
  },
}
