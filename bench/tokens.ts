import type { Figure } from './figure.ts'
import { type LegacySide, startLegacySide } from './legacy-side/start.ts'
import { naive } from './logins/contest.ts'
import { startInstance } from './logins/start.ts'
import type { Target } from './rounds.ts'
import type { Bench } from './section.ts'

/** Half of them interrupted, half not; 40 at once, from an empty cache on. */
const logins = 1_000

/** Token requests of an instance from its start on. Auth0 counts each of them against a quota. */
export async function tokens({ copies }: Bench): Promise<readonly Figure[]> {
  const side = await startLegacySide()
  try {
    const unit = 'token requests in 1,000 first logins'
    return [
      { name: 'tokens', value: await tokensOf(copies.flow, side), unit, reach: 1 },
      { name: 'tokens-of-naive', value: await tokensOf(naive, side), unit },
    ]
  } finally {
    await side.stop()
  }
}

/** @throws when users are not migrated afterwards: then fewer tokens mean nothing. */
async function tokensOf(target: Target, side: LegacySide): Promise<number> {
  const instance = await startInstance({ target, addresses: side.addresses })
  try {
    await side.behave({ delay: 0 })
    for (const who of ['interrupted', 'arrived'] as const) {
      const { unmigrated } = await instance.logIn({ who, logins: logins / 2, atOnce: 40 })
      if (unmigrated > 0) throw new Error(`${target.name}: ${unmigrated} users are not migrated`)
    }
    return (await side.traffic()).tokens
  } finally {
    await instance.stop()
  }
}
