import type { FindingKind, Place } from '../finding.ts'
import { daysLeft, severities } from '../severity.ts'
import { undetected } from '../unread.ts'
import { ahead, countsOf } from './json.ts'
import type { Diagnosis, Judged } from './outcomes.ts'

/** Columns. */
const width = 100
const indent = '         '
/** Of one kind and severity, in the text: `--json` has all. */
const mostPlaces = 10

/** What is printed for people: worst first, each kind once, then what nobody looked at. */
export function textReport(diagnosis: Diagnosis): string {
  const { findings, today } = diagnosis
  return [
    ...grouped(findings, ({ finding, severity }) => `${severity} ${finding.kind.id}`).map((group) =>
      groupText(group, diagnosis),
    ),
    aheadText(today),
    notCheckedText(diagnosis),
    summary(diagnosis),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

export function placeText({ file, line, column, resource }: Place): string {
  const at = [file, line, column].filter((part) => part !== undefined).join(':')
  return [at, resource].filter((part) => part !== undefined && part !== '').join(' ')
}

/** `since 2023-05-16, ended 2026-11-18, 3 days ago`; empty where there is no date. */
export function datesText({ since, until }: FindingKind, today: string): string {
  const end =
    until === undefined
      ? ''
      : `${until > today ? 'until' : 'ended'} ${until}, ${daysLeft(today, until)}`
  return [since === undefined ? '' : `since ${since}`, end].filter((part) => part !== '').join(', ')
}

/**
 * Breaks a text into lines, each after the first indented. Names of a tenant are anybody's: what would
 * move the cursor or begin a line of its own is a space.
 */
export function wrap(text: string, margin: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.replaceAll(/\p{Cc}/gu, ' ').split(' ')) {
    if (line !== '' && margin.length + line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join(`\n${margin}`)
}

function groupText(group: readonly Judged[], { today, surplus }: Diagnosis): string {
  const [first] = group
  if (first === undefined) return ''
  const { kind } = first.finding
  const places = group
    .slice(0, mostPlaces)
    .map(
      ({ finding }) =>
        `${placeText(finding.where)}${placeText(finding.where) === '' ? '' : ': '}${finding.what}`,
    )
  const unheld = surplus.find(({ id, severity }) => id === kind.id && severity === first.severity)
  const more = group.length - places.length + (unheld?.count ?? 0)
  const where = unheld === undefined ? 'has them all' : `has the first ${numberText(group.length)}`
  const dates = datesText(kind, today)
  return [
    `${first.severity.padEnd(indent.length)}${kind.title} (${kind.id})`,
    ...places,
    ...(more > 0 ? [`and ${numberText(more)} more: --json ${where}.`] : []),
    `why: ${kind.why}`,
    `do: ${kind.remedy}`,
    ...(dates === '' ? [] : [`when: ${dates}`]),
    `see: ${kind.link}`,
  ]
    .map((line, index) => (index === 0 ? line : indent + wrap(line, indent)))
    .join('\n')
}

function aheadText(today: string): string {
  const lines = ahead(today).map(({ id, title, until = '', toggle }) => {
    const how =
      toggle === undefined
        ? ''
        : ` Turn “${toggle}” off in Settings > Advanced > Migrations to have it now.`
    return `  ${wrap(`${title} (${id}): until ${until}, ${daysLeft(today, until)}.${how}`, '  ')}`
  })
  return lines.length === 0
    ? ''
    : ['Still to come, and to be opted into until then:', ...lines].join('\n')
}

/** By the reason: a file without Rules is one line, not five. */
function notCheckedText({ notChecked, surplus }: Diagnosis): string {
  const unseen = notChecked.filter(({ because }) => because.startsWith(undetected))
  const rest = notChecked.filter(({ because }) => !because.startsWith(undetected))
  const groups = grouped(rest, ({ because }) => because).map((group) => {
    const ids = [...new Set(group.map(({ id }) => id))]
    const places = [...new Set(group.map(({ where }) => placeText(where)))].filter(
      (place) => place !== '',
    )
    const shown = places.slice(0, mostPlaces)
    const at =
      shown.length === 0 ? '' : ` (${shown.join(', ')}${places.length > shown.length ? ', …' : ''})`
    return `  ${wrap(`because ${group[0]?.because}${at}: ${ids.join(', ')}`, '    ')}`
  })
  const ids = unseen.map(({ id }) => id).join(', ')
  const shown = `  ${wrap(`because nothing that the doctor reads shows it (--explain NAME says why): ${ids}`, '    ')}`
  const more = surplus
    .filter(({ severity }) => severity === 'not-checked')
    .map(({ id, count }) => `  and in ${numberText(count)} more places: ${id}`)
  return ['Not checked:', ...groups, ...more, ...(unseen.length === 0 ? [] : [shown])].join('\n')
}

function summary(diagnosis: Diagnosis): string {
  const { read, notChecked, failOn } = diagnosis
  const counted = countsOf(diagnosis)
  const counts = severities.map((severity) => {
    const count = counted[severity]
    return `${numberText(count)} ${severity}${count === 1 ? '' : 's'}`
  })
  const seen = notChecked.filter(({ because }) => !because.startsWith(undetected))
  const checks = new Set(seen.map(({ id }) => id)).size
  const left = `${checks} ${checks === 1 ? 'check' : 'checks'} not made, or not made everywhere`
  const fails = failOn === 'never' ? '' : ` Fails on ${failOn}.`
  return `${read.join(', ')}: ${counts.join(', ')}; ${left}.${fails}`
}

function numberText(number: number): string {
  return new Intl.NumberFormat('en').format(number)
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Item[][] {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return [...groups.values()]
}
