export interface Day {
  /** `2026-11-21`, in UTC. */
  readonly date: string
  readonly migrated: number
}

/** A day with what was left at its end. */
export interface HistoryDay extends Day {
  readonly remaining: number
}

const dayLength = 86_400_000 // milliseconds

/** Three years. What came before counts on the first of them. */
const longestHistory = 1_095

/**
 * Every day from the first on which somebody migrated to today, those without anybody too. What was
 * left is reckoned back from today: how many users the store had on a day nobody knows any more.
 */
export function historyOf(
  perDay: readonly Day[],
  remaining: number,
  now: number,
): readonly HistoryDay[] {
  const today = dateOf(now)
  const earliest = dateOf(now - (longestHistory - 1) * dayLength)
  const migrated = new Map<string, number>()
  for (const day of perDay) {
    // A clock that is ahead tells of tomorrow.
    const date = day.date > today ? today : day.date < earliest ? earliest : day.date
    migrated.set(date, (migrated.get(date) ?? 0) + day.migrated)
  }
  const [first = today] = [...migrated.keys()].sort()
  const days: HistoryDay[] = []
  let left = remaining
  for (let date = today; date >= first; date = addDays(date, -1)) {
    const number = migrated.get(date) ?? 0
    days.push({ date, migrated: number, remaining: left })
    left += number
  }
  return days.reverse()
}

export function addDays(date: string, days: number): string {
  return dateOf(Date.parse(date) + days * dayLength)
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

/** Whole days and the number a day in their middle: one great day does not move it. */
export function usualRate(history: readonly HistoryDay[], days: number): number | null {
  const rates = history
    .slice(0, -1)
    .slice(-days)
    .map(({ migrated }) => migrated)
  const sorted = rates.sort((a, b) => a - b)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]
  const above = sorted[Math.ceil((sorted.length - 1) / 2)]
  return middle === undefined || above === undefined ? null : (middle + above) / 2
}
