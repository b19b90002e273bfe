import { createHash } from 'node:crypto'
import { burnDown } from './burn-down.ts'
import { causeChart } from './cause-chart.ts'
import { escaped, table } from './markup.ts'
import { compact, grouped, longDate, percentage } from './numbers.ts'
import { styles } from './page-styles.ts'
import { fewestDays, mostDays, runs } from './projection.ts'
import { rateChart } from './rate-chart.ts'
import type { StatusReport } from './report.ts'
import { dateOr, troublesIn } from './text.ts'

/** By this a page of ours is known, and may be written over. */
export const generator = '<meta name="generator" content="migration status">'

/**
 * The status as one page that asks nothing of any server and runs nothing: it can be read without
 * JavaScript, printed, and put anywhere. Numbers only: even a legacy id may be an e-mail address.
 */
export function toPage(report: StatusReport): string {
  const { connection, at, phase, counts } = report
  const time = `${longDate(at)}, ${at.slice(11, 16)} UTC`
  const where = phase === null ? '' : ` Phase ${phase.phase}, since ${longDate(phase.since)}.`
  const title = `Migration of ${connection}: ${percentage(counts.migrated, counts.total)}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
${generator}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>${styles}</style>
</head>
<body>
<a class="skip" href="#status">Skip to the status</a>
<header>
<h1>Migration of ${escaped(connection)}</h1>
<p class="quiet">As of <time datetime="${escaped(at)}">${time}</time>.${where}</p>
</header>
<main id="status" tabindex="-1">
${summary(report)}
<section aria-labelledby="left"><h2 id="left">Who is left</h2>
${burnDown(report)}</section>
<section aria-labelledby="over"><h2 id="over">When it will be over</h2>
${milestones(report)}</section>
<section aria-labelledby="rates"><h2 id="rates">Who has migrated</h2>
${rateChart(report)}</section>
<section aria-labelledby="stuck"><h2 id="stuck">Who is stuck, and why</h2>
${causeChart(report)}
${logNotes(report)}</section>
${verified(report)}
</main>
<footer class="quiet">
<p>Numbers of the legacy store, and of the tenant's logs. What was left on a day is reckoned back from today: users who were added to the store or removed since are not told apart. No user is named here: <code>npx migration status --list</code> names them.</p>
</footer>
</body>
</html>
`
}

const styleHash = createHash('sha256').update(styles).digest('base64')
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

function summary({ counts, usualRate }: StatusReport): string {
  const { total, migrated, remaining } = counts
  const share = percentage(migrated, total)
  const width = total === 0 ? 0 : Math.round((migrated / total) * 1000) / 10
  const tiles: readonly (readonly [string, string])[] = [
    ['Users', grouped(total)],
    ['Migrated', grouped(migrated)],
    ['Left', grouped(remaining)],
    ['A day, of the last 7', usualRate === null ? '–' : compact(usualRate)],
  ]
  return `<p class="share">${share} <small>of ${grouped(total)} users have migrated</small></p>
<svg class="meter" role="img" aria-label="${share} have migrated" width="100%" height="14">
<rect class="band" width="100%" height="14"/><rect class="bar" width="${width}%" height="14"/>
</svg>
<dl>
${tiles.map(([name, number]) => `<div><dt>${name}</dt><dd>${number}</dd></div>`).join('\n')}
</dl>`
}

function milestones({ projection, counts }: StatusReport): string {
  if (counts.remaining === 0) return '<p>Nobody is left.</p>'
  if (projection === null) {
    return `<p>There is no projection yet: it takes ${fewestDays} whole days since the first user migrated.</p>`
  }
  const { basis } = projection
  const rows = projection.milestones.map(({ share, low, middle, high }) => [
    `${Math.round(share * 100)} %`,
    dateOr(middle),
    low === null ? dateOr(low) : `${dateOr(low)} – ${dateOr(high)}`,
  ])
  const columns = ['Migrated', 'Half of the runs by', '8 runs of 10 between']
  const data = { caption: 'Days by which a share of all users will have migrated', columns, rows }
  const shown =
    rows.length === 0
      ? '<p>More than 99 % have migrated.</p>'
      : `<div class="scroll" role="region" tabindex="0" aria-label="Projected days">${table(data)}</div>`
  return `${shown}
<p class="quiet">The projection lets people go on coming back as they did: each day to come takes the share of those left that a day of the last ${basis} took${basis < mostDays ? ` (${mostDays} would say more)` : ''}. Each of ${grouped(runs)} runs draws weeks of its own from those days, with repeats, and lives on them (a block bootstrap, always with the same seed). What it cannot know is a campaign, a holiday, or the day on which the old password ends; and since those who come often have come first, the end is later rather than sooner. Over a year ahead it says nothing.</p>`
}

function logNotes({ logs }: StatusReport): string {
  if (logs === null)
    return '<p class="quiet">The tenant was not asked: conflicts are not known.</p>'
  const troubles = troublesIn(logs)
  const looked = `Conflicts are of the ${grouped(logs.logins)} users who logged in last: the logs of a tenant are kept for days only.`
  if (troubles === null || logs.since === null) return `<p class="quiet">${looked}</p>`
  return `<p class="quiet">${looked} In its logs since ${longDate(logs.since)}, ${troubles}.</p>`
}

function verified({ verification }: StatusReport): string {
  if (verification === null) return ''
  const { agree, missing, unstamped, disagree, conflict } = verification
  const rows = [
    ['there, and the stamp agrees', grouped(agree)],
    ['not there: deleted since, or linked to another', grouped(missing.length)],
    ['there without a stamp', grouped(unstamped.length)],
    ['there with a stamp that disagrees', grouped(disagree.length)],
    ['there, and the store has another user', grouped(conflict.length)],
  ]
  const data = { caption: 'Migrated users, chosen at random', columns: ['In Auth0', 'Users'], rows }
  return `<section aria-labelledby="verified"><h2 id="verified">Who was looked up</h2>
${table(data)}</section>`
}
