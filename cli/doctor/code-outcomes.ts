import type { Outcome } from './finding.ts'
import type { CodeKind } from './source/code/roles.ts'
import { inspectCode } from './source/inspect-code.ts'
import { inspectFile } from './source/inspect-file.ts'
import type { Resource, Section, TenantView } from './tenant/tenant-view.ts'

const withCode: readonly Section[] = ['actions', 'clients', 'databases', 'hooks', 'pages', 'rules']

/** What Auth0 runs, by deploy-cli's names. Others are told as not checked. */
const kinds: Readonly<Record<string, CodeKind>> = {
  action: 'action',
  change_email: 'change_email',
  change_password: 'change_password',
  create: 'create',
  delete: 'delete',
  get_user: 'get_user',
  hook: 'hook',
  login: 'login',
  rule: 'rule',
  verify: 'verify',
}

/** What is wrong in the code of a tenant. A Rule, a Hook or a page that is off does nothing, and is none. */
export function* codeOutcomes(view: TenantView): Generator<Outcome> {
  for (const section of withCode) {
    for (const resource of view.section(section) ?? []) {
      if (isOff(section, resource)) continue
      for (const { kind, text, place } of resource.code) {
        const known = kinds[kind]
        if (kind === 'page') yield* inspectFile('page.html', text, place)
        else if (known !== undefined) yield* inspectCode(text, place, known)
        else
          yield {
            type: 'not-checked',
            id: 'code',
            because: `${kind} is no script that is known`,
            where: place,
          }
      }
    }
  }
}

function isOff(section: Section, { value }: Resource): boolean {
  if (section === 'pages') return value.enabled === false
  if (section === 'clients') return value.custom_login_page_on === false
  return (section === 'hooks' || section === 'rules') && value.enabled !== true
}
