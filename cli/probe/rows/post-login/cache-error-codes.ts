import { actionThat, recordKey } from '../../actions.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const cacheErrorCodes: Probe = {
  id: 'cache-error-codes',
  assumption:
    '`api.cache.set` answers `CacheKeySizeExceeded`, `CacheValueSizeExceeded` and `CacheSizeExceeded`, and does not throw.',
  async run({ bindActions, logIn, recorded, user }) {
    const person = await user()
    await bindActions(actionThat(overfill))
    await logIn(person)
    const seen = await recorded(person)
    const codes = 'CacheKeySizeExceeded CacheValueSizeExceeded CacheSizeExceeded'
    return expectThat(seen === codes, `a long key, a long value and too many entries: ${seen}`)
  },
}

/** A key of 65 bytes, a value of 5,000, and more entries than 20. */
const overfill = `const told = ({ type, code }) => code ?? type
const put = (key, value) => told(api.cache.set(key, value, { ttl: 1000 }))
const codes = [put('k'.repeat(65), '1'), put('probe-value', 'v'.repeat(5000))]
let entries = 0
let last = 'success'
while (entries < 25 && last === 'success') last = put('probe-' + entries++, '1')
for (let entry = 0; entry < entries; entry += 1) api.cache.delete('probe-' + entry)
api.user.setAppMetadata('${recordKey}', { seen: [...codes, last].join(' ') })`
