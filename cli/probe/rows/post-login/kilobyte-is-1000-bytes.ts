import { actionThat, recordKey } from '../../actions.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const kilobyteIs1000Bytes: Probe = {
  id: 'kilobyte-is-1000-bytes',
  assumption: 'A "kB" of the Actions limits is 1,000 bytes.',
  async run({ bindActions, logIn, recorded, user }) {
    const person = await user()
    await bindActions(
      actionThat(`const { type } = api.cache.set('probe-kb', 'v'.repeat(4050), { ttl: 1000 })
api.cache.delete('probe-kb')
api.user.setAppMetadata('${recordKey}', { seen: type })`),
    )
    await logIn(person)
    const seen = await recorded(person)
    return expectThat(seen === 'error', `a cache value of 4,050 bytes, of "4 kB": ${seen}`)
  },
}
