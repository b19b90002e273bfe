import { randomUUID } from 'node:crypto'
import { keyedApplication } from '../../assertions.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const assertionIsUsedOnceByEachApplication: Probe = {
  id: 'assertion-is-used-once-by-each-application',
  assumption:
    'A `jti` that an application has used is refused from it, and taken from another application.',
  async run(context) {
    const [one, other] = [await keyedApplication(context), await keyedApplication(context)]
    const jti = randomUUID()
    const first = await one.ask(await one.assertion({ jti }))
    if (first.error !== null) throw new Error(`the first time ${outcomeOf(first)}`)
    const again = await one.ask(await one.assertion({ jti }))
    const elsewhere = await other.ask(await other.assertion({ jti }))
    return expectThat(
      again.error !== null && elsewhere.error === null,
      `again: ${outcomeOf(again)}; of another application: ${outcomeOf(elsewhere)}`,
    )
  },
}
