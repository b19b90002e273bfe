import { type Limit, limitsOf, type Plan } from '../../servers/tenant/rate-limit-plans.ts'

/** A tenant as its rollout goes. */
export interface Adoption {
  /** Who were in Auth0 before the kit came. */
  readonly users: number
  readonly loginsPerDay: number
  /** Part of a day’s logins that its busiest hour has: 0.1. */
  readonly busiestHour: number
  readonly plan: Plan
  /** Part of the plan’s limit that first logins may use: 0.5. */
  readonly share: number
}

/** A value of `rollout`, and what it costs on its first day. */
export interface Wave {
  /** From 1. */
  readonly day: number
  /** Percent of users. */
  readonly rollout: number
  readonly users: number
  readonly writesInBusiestHour: number
  /** Of the plan’s limit: 0.5. */
  readonly ofLimit: number
}

/** Percent that `rollout` can tell apart. */
const smallest = 0.01

/** A next wave is worth a publishing when it lets in a quarter more, or most of what a day can take. */
const quarter = 0.25
const most = 0.8

/** Days after which nobody plans by this. */
const horizon = 1_826

/** Users let in together. */
interface Cohort {
  readonly day: number
  readonly percent: number
}

/** The limit that a user’s profile write is counted against. */
export function writeLimitOf(plan: Plan): Limit {
  const { endpoints, global, others } = limitsOf[plan]
  const own = endpoints.find(({ bucket }) => bucket === 'write_users')
  const limit = own ?? global ?? others
  if (limit === null) throw new TypeError(`the plan ${plan} limits no writes of users`)
  return limit
}

export function writesPerHour({ per, rate }: Limit): number {
  return rate * (per === 'minute' ? 60 : 3_600)
}

/**
 * The waves in which everybody is let in without the busiest hour ever costing more than its share of
 * the limit. Each login is taken for one of a user drawn at random, and each first login costs one
 * profile write, so that a user whose turn has come is still to be written after a day with the
 * chance of e to the power of minus logins a day over users.
 *
 * @returns None when the smallest wave is too large. The last one’s `rollout` is below 100 when even
 *   five years are too few.
 */
export function wavesOf(adoption: Adoption): readonly Wave[] {
  const { busiestHour, loginsPerDay, share, users } = adoption
  const limit = writesPerHour(writeLimitOf(adoption.plan))
  const logins = loginsPerDay * busiestHour
  const left = Math.exp(-loginsPerDay / users)
  /** Percent of users whose logins of a busiest hour are as many as it may write. */
  const capacity = (100 * limit * share) / logins
  const cohorts: Cohort[] = []
  const waves: Wave[] = []
  for (let day = 1; day <= horizon; day += 1) {
    const before = waves.at(-1)?.rollout ?? 0
    const pending = cohorts.reduce((sum, one) => sum + one.percent * left ** (day - one.day), 0)
    const rollout = roundDown(Math.min(100, before + capacity - pending), capacity)
    if (rollout < smallest) return waves
    if (rollout < 100 && rollout - before < Math.min(quarter * before, most * capacity)) continue
    cohorts.push({ day, percent: rollout - before })
    const writesInBusiestHour = Math.round((logins * (pending + rollout - before)) / 100)
    const letIn = Math.round((users * rollout) / 100)
    const ofLimit = writesInBusiestHour / limit
    waves.push({ day, rollout, users: letIn, writesInBusiestHour, ofLimit })
    if (rollout === 100) return waves
  }
  return waves
}

/** To what an engineer would write: whole percents, or hundredths where waves are small. */
function roundDown(percent: number, capacity: number): number {
  return capacity >= 5 ? Math.floor(percent) : Math.floor(percent * 100) / 100
}
