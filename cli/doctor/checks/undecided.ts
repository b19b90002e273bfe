import type { NotChecked } from '../finding.ts'
import { hasKeyword } from '../tenant/keywords.ts'
import { isFields } from '../tenant/shape.ts'
import type { Resource, Section } from '../tenant/tenant-view.ts'

/** Members by which a check decides. Names, addresses and secrets may be filled in later. */
const decisive = new Set([
  'allow_all_scopes',
  'assign_membership_on_login',
  'cross_origin_auth',
  'deployed',
  'enabled',
  'enabledDatabaseCustomization',
  'enabled_clients',
  'grant_types',
  'identity_api',
  'import_mode',
  'is_first_party',
  'organization_require_behavior',
  'organization_usage',
  'passwordPolicy',
  'policy',
  'runtime',
  'sandbox_version',
  'scope',
  'subject_type',
  'third_party_security_mode',
])

/** Objects and lists by whose members a check decides, where all of them are to be filled in. */
const containers = new Set([
  'bindings',
  'callbacks',
  'client',
  'client_authentication_methods',
  'connections',
  'credentials',
  'customScripts',
  'flags',
  'jwt_configuration',
  'options',
  'scopes',
  'secrets',
  'shields',
  'subject_type_authorization',
  'supported_triggers',
  'user',
])

/** Lists of which one member decides. */
const lists: readonly unknown[] = ['grant_types', 'scope', 'shields']

/** What a file leaves to be filled in when it is published: nobody knows what will stand there. */
export function* undecided(section: Section, { value, place }: Resource): Generator<NotChecked> {
  for (const path of keywordsIn(value, [])) {
    const because = `${path.at(-1)} is filled in when it is published`
    yield { type: 'not-checked', id: section, because, where: place(...path) }
  }
}

type Path = readonly (number | string)[]

function* keywordsIn(value: unknown, path: Path): Generator<Path> {
  if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) {
      if (lists.includes(path.at(-1)) && hasKeyword(inner)) yield path
      yield* keywordsIn(inner, [...path, index])
    }
  }
  if (!isFields(value)) return
  for (const [name, inner] of Object.entries(value)) {
    const decides = decisive.has(name) || containers.has(name) || path.at(-1) === 'flags'
    if (decides && hasKeyword(inner)) yield [...path, name]
    yield* keywordsIn(inner, [...path, name])
  }
}
