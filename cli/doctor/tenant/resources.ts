import type { NotChecked, Place } from '../finding.ts'
import type { Path } from './located-document.ts'
import type { CodeReader } from './read-code.ts'
import { at, type Fields, isFields, textAt } from './shape.ts'
import { type Code, type Resource, resourceName, type Section } from './tenant-view.ts'

/** Where the resources of a section are read from. */
export interface ResourceOrigin {
  readonly code: CodeReader
  /** Of a path that begins at the resource. */
  place(path: Path): Place
  /** Of code that stands in the resource itself: see LocatedDocument. */
  codePlace(path: Path): Place | null
}

/**
 * @returns null for what is no resource: a file may hold anything. Its code is read once, and held as long
 *   as it is.
 */
export function resourceOf(
  section: Section,
  value: unknown,
  origin: ResourceOrigin,
): Resource | null {
  if (!isFields(value)) return null
  const name = nameOf(section, value)
  const called = resourceName(section, name)
  const place = (...path: (number | string)[]): Place => ({
    ...origin.place(path),
    resource: called,
  })
  let codes: readonly (Code | NotChecked)[] | undefined
  const read = () => {
    codes ??= codesOf(section, value).map(({ kind, text, path }) =>
      origin.code.read(kind, text, {
        resource: called,
        named: () => place(...path),
        written: () => ({ ...origin.codePlace(path), resource: called }),
      }),
    )
    return codes
  }
  return {
    name,
    value,
    place,
    get code() {
      return read().filter(isCode)
    },
    get problems() {
      return read().filter((one) => 'type' in one)
    },
  }
}

function isCode(read: Code | NotChecked): read is Code {
  return !('type' in read)
}

function nameOf(section: Section, value: Fields): string {
  const named = textAt(value, 'name') ?? textAt(value, 'template') ?? ''
  if (section === 'clientGrants') {
    return `${textAt(value, 'client_id') ?? ''} for ${textAt(value, 'audience') ?? ''}`
  }
  const alone: readonly Section[] = ['attackProtection', 'emailProvider', 'tenant']
  return alone.includes(section) ? '' : named
}

function codesOf(section: Section, value: Fields) {
  const member = (kind: string, ...path: string[]) => {
    const text = textAt(value, ...path)
    return text === undefined || text === '' ? [] : [{ kind, text, path }]
  }
  if (section === 'actions') return member('action', 'code')
  if (section === 'rules') return member('rule', 'script')
  if (section === 'hooks') return member('hook', 'script')
  if (section === 'pages') return member('page', 'html')
  if (section === 'clients') return member('page', 'custom_login_page')
  if (section !== 'databases') return []
  const scripts = at(value, 'options', 'customScripts')
  return Object.keys(isFields(scripts) ? scripts : {}).flatMap((slot) =>
    member(slot, 'options', 'customScripts', slot),
  )
}
