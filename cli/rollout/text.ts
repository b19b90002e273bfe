import type { Limit } from '../../servers/tenant/rate-limit-plans.ts'
import { type Adoption, type Wave, writeLimitOf, writesPerHour } from './waves.ts'

const barWidth = 20

/** Of more only the first ones and the last are shown. */
const mostRows = 16

/** What a terminal shows. */
export function toText(adoption: Adoption, waves: readonly Wave[]): string {
  const limit = writeLimitOf(adoption.plan)
  const first = adoption.loginsPerDay * adoption.busiestHour
  return [
    `${adoption.plan} lets ${limitText(limit)} be written, ${grouped(limit.size)} at once.`,
    `${percent(adoption.share)} of it is for first logins: ${grouped(writesPerHour(limit) * adoption.share)} an hour.`,
    `${grouped(adoption.loginsPerDay)} logins a day make ${grouped(first)} in the busiest hour. At first each is a write.`,
    '',
    ...(waves.length === 0 ? [] : tableOf(waves)),
    ...conclusion(waves),
  ].join('\n')
}

function limitText(limit: Limit): string {
  return `${grouped(limit.rate)} users a ${limit.per}, ${grouped(writesPerHour(limit))} an hour,`
}

function tableOf(waves: readonly Wave[]): readonly string[] {
  const rows =
    waves.length <= mostRows
      ? waves.map(rowOf)
      : [...waves.slice(0, mostRows - 2).map(rowOf), ['…'], ...waves.slice(-1).map(rowOf)]
  const head = ['from day', 'rollout', 'users let in', 'writes in the busiest hour', 'of the limit']
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  return [...[head, ...rows].map((row) => lineOf(row, widths)), '']
}

function rowOf(wave: Wave): readonly string[] {
  return [
    grouped(wave.day),
    `${wave.rollout} %`,
    grouped(wave.users),
    grouped(wave.writesInBusiestHour),
    percent(wave.ofLimit),
    barOf(wave.ofLimit),
  ]
}

/** Numbers to the right, and the bar as it is. */
function lineOf(row: readonly string[], widths: readonly number[]): string {
  return row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')
}

function barOf(share: number): string {
  const full = Math.min(barWidth, Math.round(share * barWidth))
  return `${'█'.repeat(full)}${'░'.repeat(barWidth - full)}`
}

function conclusion(waves: readonly Wave[]): readonly string[] {
  const last = waves.at(-1)
  if (last === undefined) {
    return [
      'Even the smallest rollout, 0.01 %, is too much for this plan: ask Auth0 for a higher limit.',
    ]
  }
  if (last.rollout < 100) {
    return ['It takes more than five years to let everybody in: ask Auth0 for a higher limit.']
  }
  if (waves.length === 1) {
    return ['Everybody can be let in at once: leave rollout out of migration.config.ts.']
  }
  return [
    `Begin with rollout: ${waves[0]?.rollout} in migration.config.ts. Raise it, and publish, on the days above, or`,
    'later, when the busiest hour has passed without api_limit_warning in the tenant log.',
  ]
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
