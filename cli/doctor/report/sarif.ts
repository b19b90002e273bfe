import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FindingKind, Place } from '../finding.ts'
import type { Diagnosis, Judged, Surplus } from './outcomes.ts'
import { placeText } from './text.ts'

/**
 * What `--sarif` prints: SARIF 2.1.0. What was not checked is a notification of the run, so that a
 * reader of results alone does not take it for a pass without being told.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 *
 * @param kinds Every kind of finding that there is: a rule each.
 */
export function sarifReport(
  { read, findings, notChecked, surplus }: Diagnosis,
  kinds: readonly FindingKind[],
) {
  const whole = read.find((one) => one !== '') ?? 'tenant'
  const rules = new Map(kinds.map((kind, index) => [kind.id, index]))
  return {
    $schema:
      'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'migration doctor', rules: kinds.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: [
              ...notChecked.map(({ id, because, where }) => ({
                ...notification(rules, id, 'not-checked', `not checked, because ${because}.`),
                ...locationsOf(where),
              })),
              ...surplus.map(({ id, severity, count }) =>
                notification(rules, id, severity, `${count} more, of which no place is told.`),
              ),
            ],
          },
        ],
        results: findings.map((one) => resultOf(one, rules, whole)),
      },
    ],
  }
}

function notification(
  rules: ReadonlyMap<string, number>,
  id: string,
  what: Surplus['severity'],
  text: string,
) {
  return {
    descriptor: { id: what === 'not-checked' ? what : 'more-findings' },
    ...(rules.has(id) && { associatedRule: { id, index: rules.get(id) } }),
    level: 'note',
    message: { text: `${id}: ${text}` },
  }
}

function ruleOf({ id, severity, title, why, remedy, link, since, until }: FindingKind) {
  return {
    id,
    shortDescription: { text: `${title}.` },
    fullDescription: { text: why },
    help: { text: remedy },
    helpUri: link,
    defaultConfiguration: { level: severity },
    ...((since !== undefined || until !== undefined) && {
      properties: { ...(since !== undefined && { since }), ...(until !== undefined && { until }) },
    }),
  }
}

/**
 * GitHub takes no file at all in which a result has no artifact: what is in none is in all that was read.
 * https://github.com/github/codeql-action/issues/1738
 */
function resultOf(
  { finding, severity }: Judged,
  rules: ReadonlyMap<string, number>,
  whole: string,
) {
  const { kind, what, where } = finding
  return {
    ruleId: kind.id,
    ruleIndex: rules.get(kind.id) ?? -1,
    level: severity,
    message: { text: `${what} ${kind.remedy}` },
    ...locationsOf(where.file === undefined ? { ...where, file: whole } : where),
    // Stands where the file is moved about: the resource and the sentence, not the line.
    partialFingerprints: {
      'finding/v1': `${kind.id}|${where.resource ?? where.file ?? ''}|${what}`,
    },
  }
}

function locationsOf(where: Place) {
  if (placeText(where) === '') return {}
  const { file, line, column, resource } = where
  return {
    locations: [
      {
        ...(file !== undefined && {
          physicalLocation: {
            artifactLocation: { uri: uriOf(file) },
            ...(line !== undefined && {
              region: { startLine: line, ...(column !== undefined && { startColumn: column }) },
            }),
          },
        }),
        ...(resource !== undefined && {
          logicalLocations: [{ fullyQualifiedName: resource, kind: 'resource' }],
        }),
      },
    ],
  }
}

/** A relative one stays so: whoever reads it is in the same folder. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href
  return file
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/')
}
