import { isHookOff, isRuleOff } from './checks/platform/runtimes.ts'
import type { Outcome } from './finding.ts'
import type { Code as ParsedCode } from './source/code/code.ts'
import { type CodeKind, hasEntry } from './source/code/roles.ts'
import { compareScripts } from './source/compare-scripts.ts'
import { inspect } from './source/inspect-code.ts'
import { inspectFile } from './source/inspect-file.ts'
import { at } from './tenant/shape.ts'
import type { Code, Resource, Section } from './tenant/tenant-view.ts'

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

/**
 * What is wrong in the code of a resource, and in login and get_user of a connection together. A Rule, a
 * Hook, a page or a script that is off does nothing, and is none.
 */
export function* codeOutcomes(section: Section, resource: Resource): Generator<Outcome> {
  if (!withCode.includes(section) || isOff(section, resource)) return
  const { code } = resource
  for (const one of code) yield* outcomesOf(one)
  const login = code.find(({ kind }) => kind === 'login')
  const getUser = code.find(({ kind }) => kind === 'get_user')
  if (login !== undefined && getUser !== undefined) {
    yield* compareScripts(scriptOf(login), scriptOf(getUser))
  }
}

function outcomesOf({ kind, text, place }: Code): readonly Outcome[] {
  if (kind === 'page') return inspectFile('page.html', text, place).map(onHostedPage)
  const known = kinds[kind]
  const notChecked = (because: string): Outcome => ({
    type: 'not-checked',
    id: 'code',
    because,
    where: place,
  })
  if (known === undefined) return [notChecked(`${kind} is no script that is known`)]
  let isCalled = true
  const onCode = (code: ParsedCode) => {
    isCalled = hasEntry(code)
  }
  const found = inspect(text, place, known, 'jsx', { onCode })
  // What is looked for in a function that Auth0 calls is found in no other.
  return isCalled
    ? found
    : [...found, notChecked('it has no function that is known to be the one that Auth0 calls')]
}

/**
 * Old libraries need not be replaced on a page that Auth0 hosts: it is recommended, no more.
 * https://auth0.com/docs/troubleshoot/product-lifecycle/past-migrations#lock-v11-and-auth0-js-v9
 */
function onHostedPage(one: Outcome): Outcome {
  if (one.type !== 'finding' || one.kind.id !== 'legacy-lock-api') return one
  const what = `${one.what} On a page that Auth0 hosts an update is recommended, no more.`
  return { ...one, what, severity: 'note' }
}

function scriptOf({ text, place }: Code) {
  return { code: text, place }
}

function isOff(section: Section, { value }: Resource): boolean {
  if (section === 'pages') return value.enabled === false
  if (section === 'clients') return value.custom_login_page_on === false
  if (section === 'databases') return at(value, 'options', 'enabledDatabaseCustomization') === false
  if (section === 'rules') return isRuleOff(value)
  return section === 'hooks' && isHookOff(value)
}
