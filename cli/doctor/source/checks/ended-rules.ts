import type { FindingKind } from '../../finding.ts'
import type { Code } from '../code/code.ts'
import { dependsOn } from '../code/depends-on.ts'
import { type Path, pathsOf } from '../code/paths.ts'
import { propertiesOf } from '../code/properties.ts'
import { conditionsOf, refusalsOf } from '../code/refusals.ts'
import { requestsOf } from '../code/requests.ts'
import type { Node } from '../code/tree.ts'
import type { Check } from './check.ts'
import { hasMark, marksByRequest, metadataWrites } from './metadata-writes.ts'

const ruleDocs = 'https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations'
const dates = { since: '2023-05-16', until: '2026-11-18' } as const

/** A Rule that did a part of the migration, by what it does: its name and style are anybody’s. */
function rule(
  kind: Omit<FindingKind, 'link' | 'since' | 'until'>,
  ours: string,
  find: Check['find'],
): Check {
  return {
    kind: { ...kind, link: ruleDocs, ...dates },
    in: ['rule'],
    find: (code) => {
      const built = sourcesOf(code)
      if (built === null) return find(code)
      const what = `The Rule is the twin of the Action ${ours}.`
      return built.includes(`rules/${ours}.ts`) ? [{ node: { start: code.shift }, what }] : []
    },
  }
}

/** What our own build made it of, by the lines that it begins with; null for anybody else’s Rule. */
function sourcesOf({ text }: Code): readonly string[] | null {
  if (!/^\s*\/\/ Built by auth0-migration-hygiene;/m.test(text)) return null
  const [, sources = ''] = /\/\/ Sources: ([^\n]*)/.exec(text) ?? []
  return sources.split(', ')
}

const guardsAudience = rule(
  {
    id: 'rule-guards-audience',
    severity: 'error',
    title: 'Rule that guards an audience',
    why: 'Rules have ended. Nothing keeps people from a token for that API now: whoever can log in can ask for one.',
    remedy:
      'Publish the Action protect-legacy-audience, and close the API by subject_type_authorization (user: deny_all). Until then the audience is open.',
  },
  'protect-legacy-audience',
  (code) => {
    const isAudience = (path: Path) =>
      /^context request (body|query) (audience|resource)$/.test(path.join(' '))
    const refusal = refusalsOf(code).find((node) =>
      conditionsOf(code, node).some((test) => dependsOn(code, test, isAudience)),
    )
    return refusal === undefined
      ? []
      : [{ node: refusal, what: 'The Rule refuses logins by the audience they ask for.' }]
  },
)

const marksUsers = rule(
  {
    id: 'rule-marks-migrated',
    severity: 'error',
    title: 'Rule that marks users as migrated',
    why: 'Rules have ended: nobody is marked any more. A user who is deleted, or who changes e-mail, comes back from the old store.',
    remedy:
      'Publish the Action mark-migrated. Until then every new user is unmarked; the ones of that time are marked at a later login.',
  },
  'mark-migrated',
  (code) => {
    const calls = [
      ...requestsOf(code)
        .filter(marksByRequest(code))
        .map(({ node }) => node),
      ...metadataWrites(code)
        .filter(({ value }) => hasMark(code, value))
        .map(({ node }) => node),
    ]
    const [node] = calls
    return node === undefined ? [] : [{ node, what: 'The Rule marks the user as migrated.' }]
  },
)

const repairsMetadata = rule(
  {
    id: 'rule-repairs-metadata',
    severity: 'error',
    title: 'Rule that fetches metadata from elsewhere',
    why: 'Rules have ended, and nobody fetches any more. If it mended what an interrupted first login had lost, that is lost for good now.',
    remedy:
      'Publish the Action backfill-metadata, with backfill.since at the day on which Rules ended or before: it repairs at the next login what was lost since.',
  },
  'backfill-metadata',
  (code) => {
    const isAnswer = (path: Path) => answersFrom(code, path)
    const written = metadataWrites(code).find(({ value }) => valueDepends(code, value, isAnswer))
    const assigned = code.tree.nodes.find(
      (node) =>
        node.type === 'AssignmentExpression' &&
        node.left.type === 'MemberExpression' &&
        pathsOf(code, node.left).some((path) =>
          /^user (app|user)_metadata( |$)/.test(path.join(' ')),
        ) &&
        dependsOn(code, node.right, isAnswer),
    )
    const node = written?.node ?? assigned
    return node === undefined
      ? []
      : [{ node, what: 'The Rule writes metadata that it has fetched.' }]
  },
)

/** What the callback of a request gets, and what a request gives. */
function answersFrom(code: Code, path: Path): boolean {
  const roots = requestsOf(code).flatMap(({ node }) =>
    node.type === 'CallExpression' ? pathsOf(code, node.callee) : [],
  )
  return roots.some(
    (root) =>
      path[root.length] === '()' &&
      root.every((part, at) => part === path[at]) &&
      path.at(-1) !== '$0',
  )
}

function valueDepends(code: Code, value: Node, test: (path: Path) => boolean): boolean {
  if (dependsOn(code, value, test)) return true
  return [...propertiesOf(code, value).all.values()]
    .flat()
    .some((one) => dependsOn(code, one, test))
}

const copiesMetadata = rule(
  {
    id: 'rule-copies-metadata',
    severity: 'warning',
    title: 'Rule that copies metadata into tokens',
    why: 'Rules have ended: the claims are in no token any more, and what reads them takes every user for one without.',
    remedy:
      'Publish the Action copy-metadata, with the claims in migration.config.ts. Until then the claims are missing.',
  },
  'copy-metadata',
  (code) => {
    const isMetadata = (path: Path) => /^user (app|user)_metadata /.test(`${path.join(' ')} `)
    const node = code.tree.nodes.find((one) => {
      if (one.type !== 'AssignmentExpression' || one.left.type !== 'MemberExpression') return false
      const token = pathsOf(code, one.left).some((path) =>
        /^context (accessToken|idToken) /.test(path.join(' ')),
      )
      return token && dependsOn(code, one.right, isMetadata)
    })
    return node === undefined ? [] : [{ node, what: 'The Rule makes claims of metadata.' }]
  },
)

export const endedRuleChecks: readonly Check[] = [
  guardsAudience,
  marksUsers,
  repairsMetadata,
  copiesMetadata,
]
