import type { Finding, FindingKind, NotChecked, Outcome, Place } from '../finding.ts'
import { profilesOf } from './checks/profiles.ts'
import { type Code, readCode } from './code/code.ts'
import { nameOf } from './code/declarations.ts'
import { pathsOf } from './code/paths.ts'
import { hole, textsOf } from './code/texts.ts'
import { bare, type Node } from './code/tree.ts'
import { constantsOf } from './constant-fields.ts'
import { findingOf } from './inspect-code.ts'

interface Script {
  readonly code: string
  readonly place: Place
}

const docs = 'https://auth0.com/docs/authenticate/database-connections/custom-db/templates/get-user'

const differentIds: FindingKind = {
  id: 'user-ids-differ',
  severity: 'error',
  title: 'login and get_user that return different ids',
  why: 'A user who resets the password before the first login is made by get_user, and by login again under the other id: two accounts, or a login that fails as a duplicate.',
  remedy: 'Make the profile in one function, and have it in both scripts.',
  link: `${docs}#return-a-consistent-user-id`,
}

const differentProfiles: FindingKind = {
  id: 'profiles-differ',
  severity: 'error',
  title: 'login and get_user that return different profiles',
  why: 'What only one of them returns is there or not by the way the user came: after a password reset the other has made the profile, and nothing is asked again.',
  remedy: 'Make the profile in one function, and have it in both scripts.',
  link: docs,
}

const oneSidedMark: FindingKind = {
  id: 'mark-in-one-script',
  severity: 'error',
  title: 'Mark of migrated users that only one script looks at',
  why: 'A user who was deleted in Auth0, or has changed e-mail, comes back by the script that does not look.',
  remedy: 'Look at the mark in both scripts.',
  link: 'https://auth0.com/docs/manage-users/user-migration/configure-automatic-migration-from-your-database',
}

/** What only the two scripts of a connection show together. */
export const pairKinds: readonly FindingKind[] = [differentIds, differentProfiles, oneSidedMark]

/** Compares what login and get_user of one connection return. Each is inspected by `inspectCode`. */
export function compareScripts(login: Script, getUser: Script): readonly Outcome[] {
  const one = readCode(login.code, 'jsx', 'login')
  const other = readCode(getUser.code, 'jsx', 'get_user')
  // That a script does not parse is told of it alone.
  if ('because' in one || 'because' in other) return []
  const shown = [...compareIds(one, other, getUser), ...compareFields(one, other, getUser)]
  return [...shown, ...compareMarks({ ...login, read: one }, { ...getUser, read: other })]
}

function compareIds(login: Code, getUser: Code, { place }: Script): readonly Outcome[] {
  const [one, other] = [idsOf(login), idsOf(getUser)]
  const [node] = nodesOf(getUser)
  if (node === undefined || nodesOf(login).length === 0) return []
  if (one === null || other === null) return [notCompared(differentIds, place)]
  if (one.some((id) => other.includes(id))) return []
  return [
    differs(getUser, place, differentIds, node, 'user_id is made in another way than by login.'),
  ]
}

function nodesOf(code: Code): readonly Node[] {
  return profilesOf(code).flatMap(({ all }) => all.get('user_id') ?? [])
}

/**
 * How an id is put together: its fixed parts, and of each other part the property that it is. Null
 * where that cannot be told: the rows of two scripts have nothing else in common.
 */
function idsOf(code: Code): readonly string[] | null {
  const shapes = nodesOf(code).flatMap((node) =>
    textsOf(code, node).map(({ text, holes }) => {
      let at = 0
      const parts = holes.map((one) => partOf(code, one))
      return parts.includes(null) ? null : text.replaceAll(hole, () => `<${parts[at++]}>`)
    }),
  )
  return shapes.includes(null) ? null : shapes.filter((one) => one !== null)
}

const saysNothing = ['String', 'toString', 'trim']
const textMethods = [...saysNothing, 'replace', 'replaceAll', 'slice', 'substring', 'toLowerCase']

/** `id` of `row.id`, `id.toString()` and `String(row.id)`; `replace(id)` of what a call made of it. */
function partOf(code: Code, node: Node): string | null {
  const value = bare(node)
  if (value.type === 'CallExpression') {
    const callee = bare(value.callee)
    const name = callee.type === 'MemberExpression' ? nameOf(callee.property) : nameOf(callee)
    const inner = callee.type === 'MemberExpression' ? callee.object : value.arguments[0]
    // What anybody else's function makes of it is not known.
    if (inner === undefined || !textMethods.includes(name ?? '')) return null
    const part = partOf(code, inner)
    return part === null || saysNothing.includes(name ?? '') ? part : `${name}(${part})`
  }
  const keys = new Set(pathsOf(code, value).map((path) => path.at(-1) ?? ''))
  const [key, second] = [...keys]
  return key === undefined || second !== undefined || /^[#$]|\)$/.test(key) ? null : key
}

function compareFields(login: Code, getUser: Code, { place }: Script): readonly Outcome[] {
  const [one, other] = [fieldsOf(login), fieldsOf(getUser)]
  if (one === undefined || other === undefined) return []
  if (one === null || other === null) return [notCompared(differentProfiles, place)]
  const missing = [...one.names].filter((name) => !other.names.has(name))
  const added = [...other.names].filter((name) => !one.names.has(name))
  if (missing.length + added.length === 0) return compareConstants(login, getUser, place)
  const said = [
    ...(missing.length === 0 ? [] : [`only login returns ${missing.sort().join(', ')}`]),
    ...(added.length === 0 ? [] : [`only get_user returns ${added.sort().join(', ')}`]),
  ]
  const what = `${said.join('; ').replace(/^o/, 'O')}.`
  return [differs(getUser, place, differentProfiles, other.node, what)]
}

/** `email_verified: true` in the one, and what the store has in the other. */
function compareConstants(login: Code, getUser: Code, place: Place): readonly Outcome[] {
  const [one, other] = [constantsOf(login), constantsOf(getUser)]
  const [at] = profilesOf(getUser)
  const names = [...new Set([...one.keys(), ...other.keys()])].filter(
    (name) => one.get(name) !== other.get(name),
  )
  if (names.length === 0 || at === undefined) return []
  const what = `${names.sort().join(', ')}: a constant in one of the two, and something else in the other.`
  return [differs(getUser, place, differentProfiles, at.node, what)]
}

/** Undefined: there is no profile. Null: what it has cannot be told. */
function fieldsOf(
  code: Code,
): { readonly names: ReadonlySet<string>; readonly node: Node } | null | undefined {
  const profiles = profilesOf(code)
  const [first] = profiles
  if (first === undefined) return undefined
  if (profiles.some(({ whole, all }) => !whole || all.size === 0)) return null
  return { names: new Set(profiles.flatMap(({ all }) => [...all.keys()])), node: first.node }
}

interface ReadScript extends Script {
  readonly read: Code
}

function compareMarks(login: ReadScript, getUser: ReadScript): readonly Outcome[] {
  const [one, other] = [markIn(login.read), markIn(getUser.read)]
  if ((one === null) === (other === null)) return []
  const [looks, blind] = one === null ? [getUser, 'login'] : [login, 'get_user']
  const node = one ?? other
  if (node === null || profilesOf(login.read).length * profilesOf(getUser.read).length === 0)
    return []
  return [
    differs(looks.read, looks.place, oneSidedMark, node, `${blind} does not look at the mark.`),
  ]
}

/** A property, a column or a parameter with such a name. */
function markIn({ tree }: Code): Node | null {
  const found = tree.nodes.find((node) => {
    if (node.type === 'MemberExpression')
      return !node.computed && /migrat/i.test(nameOf(node.property) ?? '')
    if (node.type === 'TemplateElement')
      return /\bmigrat(ed|ion)_|_migrated\b/i.test(node.value.raw)
    return (
      node.type === 'Literal' &&
      typeof node.value === 'string' &&
      /\bmigrat(ed|ion)_|_migrated\b/i.test(node.value)
    )
  })
  return found ?? null
}

function differs(code: Code, place: Place, kind: FindingKind, node: Node, what: string): Finding {
  return findingOf(code, place, { kind }, { node, what })
}

function notCompared({ id }: FindingKind, where: Place): NotChecked {
  return {
    type: 'not-checked',
    id,
    because: 'what the scripts return is put together when they run',
    where,
  }
}
