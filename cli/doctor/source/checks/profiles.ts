import type { FindingKind } from '../../finding.ts'
import { answersOf } from '../code/answers.ts'
import type { Code } from '../code/code.ts'
import { isPath, pathsOf, startsWith } from '../code/paths.ts'
import { type Properties, propertiesOf } from '../code/properties.ts'
import { textsOf } from '../code/texts.ts'
import { bare, type Node, within } from '../code/tree.ts'
import { valuesOf } from '../code/values.ts'
import { type Check, migrationScripts, type Sighting } from './check.ts'

const profileDocs =
  'https://auth0.com/docs/authenticate/database-connections/custom-db/templates/get-user'

interface Profile extends Properties {
  readonly node: Node
}

export function profilesOf(code: Code): readonly Profile[] {
  return answersOf(code).flatMap(({ profile }) =>
    profile === null ? [] : [{ node: profile, ...propertiesOf(code, profile) }],
  )
}

function check(
  kind: FindingKind,
  find: (code: Code, profile: Profile) => readonly Sighting[],
): Check {
  return {
    kind,
    in: migrationScripts,
    find: (code) => profilesOf(code).flatMap((profile) => find(code, profile)),
  }
}

const randomUserId = check(
  {
    id: 'random-user-id',
    severity: 'error',
    title: 'Profile with an id that is new each time',
    why: 'Auth0 knows a user by user_id. One that differs from call to call makes a second account of the same person, after a password reset above all.',
    remedy: 'Return the id that the store has for the user.',
    link: `${profileDocs}#return-a-consistent-user-id`,
  },
  (code, { all }) =>
    (all.get('user_id') ?? []).flatMap((node) =>
      isRandom(code, node) ? [{ node, what: 'user_id is made of chance or of the time.' }] : [],
    ),
)

function isRandom(code: Code, node: Node): boolean {
  const expressions = valuesOf(code, node).flatMap((one) => [...within(one.node, false)])
  const holes = textsOf(code, node).flatMap((text) => text.holes)
  return [...expressions, ...holes].some((one) => pathsOf(code, one).some(isChance))
}

function isChance(path: readonly string[]): boolean {
  const [root = '', ...rest] = path
  if (isPath(path, ['Math', 'random', '()']) || isPath(path, ['Date', 'now', '()'])) return true
  if (isPath(path, ['Date', 'new()'])) return true
  if (/^(module:)?(nanoid|uuid|uid|cuid)$/.test(root))
    return rest.at(-1) === '()' && !/v[35]/.test(rest[0] ?? '')
  return /^(module:)?crypto$/.test(root) && /^random(UUID|Bytes)$/.test(rest[0] ?? '')
}

const oldMetadataName = check(
  {
    id: 'metadata-is-app-metadata',
    severity: 'error',
    title: 'Profile with metadata, which is called app_metadata',
    why: 'Auth0 once asked scripts for metadata and has taken it back: what is under that name does not become app_metadata, and is lost.',
    remedy: 'Return it as app_metadata.',
    link: profileDocs,
  },
  (_code, { all }) =>
    (all.get('metadata') ?? [])
      .slice(0, 1)
      .map((node) => ({ node, what: 'The profile has metadata.' })),
)

const emailVerified = check(
  {
    id: 'email-verified-not-carried',
    severity: 'warning',
    title: 'Profile that does not say that the e-mail address is verified',
    why: 'Auth0 takes the address of every user who arrives for unverified, and mails each a link to verify it.',
    remedy:
      'Carry email_verified over from the store, and set it to true only where the store has verified the address.',
    link: 'https://auth0.com/docs/manage-users/user-migration/user-migration-scenarios',
  },
  (code, { all, whole, node }) => {
    const given = all.get('email_verified')
    if (given === undefined) {
      const known = whole && all.has('user_id')
      return known ? [{ node, what: 'The profile has no email_verified.' }] : []
    }
    const never = given.every((one) =>
      valuesOf(code, one).every(
        (value) => value.node.type === 'Literal' && value.node.value === false,
      ),
    )
    const [first] = given
    return never && first !== undefined
      ? [{ node: first, what: 'email_verified is false for everybody.' }]
      : []
  },
)

const blankField = check(
  {
    id: 'blank-profile-field',
    severity: 'note',
    title: 'Profile with an empty text for what is not known',
    why: 'Auth0 would make a name or a nickname of the e-mail address where there is none; an empty one stays empty, and the user is greeted as nobody.',
    remedy: 'Leave the field out where the store has nothing.',
    link: profileDocs,
  },
  (_code, { all }) =>
    ['family_name', 'given_name', 'name', 'nickname', 'picture', 'username'].flatMap((name) =>
      (all.get(name) ?? [])
        .filter(mayBeBlank)
        .map((node) => ({ node, what: `${name} is an empty text where the store has none.` })),
    ),
)

function mayBeBlank(node: Node): boolean {
  const value = bare(node)
  if (value.type === 'Literal') return value.value === ''
  return value.type === 'LogicalExpression' && value.operator !== '&&' && mayBeBlank(value.right)
}

const firstOfSeveral = check(
  {
    id: 'first-of-several',
    severity: 'warning',
    title: 'The first of several users for an address',
    why: 'Where a store has two users for one address, either may come first: the password of the one opens the account of the other, or they change places between login and reset.',
    remedy:
      'Ask for two rows, and answer with an Error when both come: an operator has to say who it is.',
    link: 'https://auth0.com/docs/authenticate/database-connections/custom-db/templates/login',
  },
  (code, { all }) => {
    const isCut = cutsToOne(code)
    for (const node of [...all.values()].flat()) {
      const list = pathsOf(code, node)
        .map(listOf)
        .find((path) => path !== null)
      if (list === undefined || list === null) continue
      if (isCut)
        return [{ node, what: 'The store is asked for one row, whoever else has the address.' }]
      if (countsRows(code, list)) continue
      return [{ node, what: 'The profile is made of the first row, whatever the number of rows.' }]
    }
    return []
  },
)

/** Of `query () $1 rows 0 id`: the list that an element was taken from; null where none was. */
function listOf(path: readonly string[]): readonly string[] | null {
  const at = path.indexOf('0')
  const list = path.slice(0, at)
  const asked = list.includes('()') && !list.includes('split')
  return at > 0 && asked ? list : null
}

/** `LIMIT 1` and its kin: whoever counts the rows then counts one. */
function cutsToOne({ tree }: Code): boolean {
  return tree.nodes.some((node) => {
    const text =
      node.type === 'Literal' ? node.value : node.type === 'TemplateElement' ? node.value.raw : null
    return (
      typeof text === 'string' &&
      /\blimit\s+1\b|\btop\s*\(?\s*1\b|\bfetch\s+(first|next)\s+(1\s+)?row\b/i.test(text)
    )
  })
}

/** Whether two rows are told from one: a look for none at all does not. */
function countsRows(code: Code, list: readonly string[]): boolean {
  return code.tree.nodes.some((node) => {
    if (node.type === 'SwitchStatement') return isLength(code, node.discriminant, list)
    if (node.type !== 'BinaryExpression') return false
    const [length, other] = isLength(code, node.left, list)
      ? [node.left, node.right]
      : [node.right, node.left]
    if (!isLength(code, length, list) || other.type !== 'Literal') return false
    const number = Number(other.value)
    return number === 2 || (number === 1 && !['<', '>='].includes(node.operator))
  })
}

function isLength(code: Code, node: Node, list: readonly string[]): boolean {
  return pathsOf(code, node).some(
    (path) =>
      path.length === list.length + 1 && path.at(-1) === 'length' && startsWith(path, ...list),
  )
}

export const profileChecks: readonly Check[] = [
  randomUserId,
  oldMetadataName,
  emailVerified,
  blankField,
  firstOfSeveral,
]
