import { addDays, type HistoryDay } from './days.ts'

/** Of the runs, a tenth, half and nine tenths have come to this or less. */
interface Band<Value> {
  readonly low: Value
  readonly middle: Value
  readonly high: Value
}

export interface ProjectedDay extends Band<number> {
  readonly date: string
}

/** When a share of all users will have migrated; null is not within a year. */
export interface Milestone extends Band<string | null> {
  /** 0.9 */
  readonly share: number
}

export interface Projection {
  /** Whole days that it rests on. */
  readonly basis: number
  /** What will be left; the first is tomorrow. */
  readonly days: readonly ProjectedDay[]
  readonly milestones: readonly Milestone[]
}

/** Whole days. Less than two weeks say nothing of the difference between weeks. */
export const fewestDays = 14
export const mostDays = 28
export const runs = 1_000
const horizon = 365 // days
const week = 7 // days
const shares = [0.5, 0.75, 0.9, 0.95, 0.99]
/** Always the same: the same numbers give the same projection. */
const seed = 20_261_118

/**
 * What will be left, if people go on coming back as they did: each day to come takes away the share of
 * those left that some past day took. A run first draws as many weeks as there are, with repeats, and
 * then lives on those alone (a block bootstrap): so runs differ for good, as far as the past few weeks
 * leave open how many come. Whole weeks, since people come by the day of the week. It knows of no
 * campaign, no holiday and no cut-off date.
 *
 * @param history Up to today, which is not over and does not count.
 * @returns Null where there are too few whole days, or nobody is left.
 */
export function project(history: readonly HistoryDay[], total: number): Projection | null {
  const remaining = history.at(-1)?.remaining ?? 0
  const today = history.at(-1)?.date
  const past = history.slice(0, -1).slice(-mostDays)
  if (today === undefined || past.length < fewestDays || remaining === 0) return null
  const rates = past.map((day) => day.migrated / Math.max(day.migrated + day.remaining, 1))
  const random = createRandom(seed)
  const paths = Array.from({ length: runs }, () => runOf(rates, remaining, random))
  const days = Array.from({ length: horizon }, (_, index) => ({
    date: addDays(today, index + 1),
    ...bandOf(paths.map((path) => path[index] ?? 0)),
  }))
  const milestones = shares
    .map((share) => ({ share, left: total * (1 - share) }))
    .filter(({ left }) => left < remaining)
    .map(({ share, left }) => ({ share, ...reached(paths, left, today) }))
  return { basis: past.length, days, milestones }
}

function runOf(rates: readonly number[], remaining: number, random: () => number): Float64Array {
  const below = (end: number) => Math.floor(random() * end)
  const weeks = Array.from({ length: Math.floor(rates.length / week) }, () =>
    below(rates.length - week + 1),
  )
  const path = new Float64Array(horizon)
  let left = remaining
  let start = 0
  for (let day = 0; day < horizon; day += 1) {
    if (day % week === 0) start = weeks[below(weeks.length)] ?? 0
    left *= 1 - (rates[start + (day % week)] ?? 0)
    path[day] = left
  }
  return path
}

function bandOf(values: readonly number[]): Band<number> {
  const sorted = Float64Array.from(values).sort()
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0)
  return { low: at(0.1), middle: at(0.5), high: at(0.9) }
}

function reached(paths: readonly Float64Array[], left: number, today: string): Band<string | null> {
  const after = paths.map((path) => {
    const index = path.findIndex((value) => value <= left)
    return index === -1 ? Number.POSITIVE_INFINITY : index + 1
  })
  const sorted = Float64Array.from(after).sort()
  const at = (share: number) => {
    const days = sorted[Math.floor(share * (sorted.length - 1))] ?? Number.POSITIVE_INFINITY
    return Number.isFinite(days) ? addDays(today, days) : null
  }
  return { low: at(0.1), middle: at(0.5), high: at(0.9) }
}

/** Mulberry32, by Tommy Ettinger. */
function createRandom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
