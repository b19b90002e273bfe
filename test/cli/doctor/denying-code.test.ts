import { expect, test } from 'vitest'
import { deniesLogins } from '../../../cli/doctor/checks/denying-code.ts'
import { checkFile, idsOf } from './check-file.ts'

const action = (body: string, parameters = 'event, api') =>
  `exports.onExecutePostLogin = async (${parameters}) => { ${body} }`

const denying: readonly string[] = [
  action("api.access.deny('no')"),
  action("api['access']['deny']('no')"),
  action("api?.access?.deny('no')"),
  action("const { access } = api; access.deny('no')"),
  action("const { deny } = api.access; deny('no')"),
  action("const access = api.access; const { deny: refuse } = access; refuse('no')"),
  action("const { access: { deny } } = api; deny('no')"),
  action("access.deny('no')", 'event, { access }'),
  action("deny('no')", 'event, { access: { deny } }'),
]

for (const code of denying) {
  test(`deniesLogins: sees ${code}`, () => {
    expect(deniesLogins(code)).toBe(true)
  })
}

const harmless: readonly string[] = [
  action("/* api.access.deny('no') */"),
  action("console.log('api.access.deny')"),
  action('const { deny } = event.user.app_metadata; return deny'),
  action('const { denied } = api.access; return denied'),
  action("rules.deny('no')"),
  action("api.access.allow('all')"),
  action('const { access: { allow } } = api; allow()'),
  action('const access = { deny: 1 }'),
]

for (const code of harmless) {
  test(`deniesLogins: sees nothing in ${code}`, () => {
    expect(deniesLogins(code)).toBe(false)
  })
}

test('deniesLogins: does not know of code that does not parse', () => {
  expect(deniesLogins('exports.(')).toBeNull()
})

const file = (code: string) => `
actions:
  - { name: foreign, code: ${JSON.stringify(`${code};`)} }
  - { name: protect-legacy-audience, code: ${JSON.stringify(`${denying[0]};`)} }
triggers:
  post-login:
    - { action_name: foreign }
    - { action_name: protect-legacy-audience }
    - { action_name: mark-migrated }`

const told = (text: string) =>
  checkFile(text).flatMap((one) =>
    one.type === 'not-checked' && one.id === 'action-behind-denial' ? [one.because] : [],
  )

test('action-behind-denial: the denial of the kit itself is none', () => {
  expect(idsOf(checkFile(file(harmless[0] ?? '')))).not.toContain('action-behind-denial')
  expect(told(file(harmless[0] ?? ''))).toEqual([])
})

test('action-behind-denial: code that does not parse is not checked', () => {
  expect(told(file('exports.('))).toEqual(['the code of foreign does not parse, or is not there'])
})

test('action-behind-denial: an Action that is bound and is nowhere is not checked', () => {
  const text = file('x').replace('name: foreign', 'name: another')
  expect(told(text)).toEqual(['the code of foreign does not parse, or is not there'])
})
