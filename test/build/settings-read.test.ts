import { expect, test } from 'vitest'
import { settingsReadBy } from '../../build/settings-read.ts'

const found: [how: string, code: string, names: readonly string[]][] = [
  ['a member', 'event.secrets.API_KEY', ['API_KEY']],
  ['a member in brackets', `event.secrets['API_KEY']`, ['API_KEY']],
  ['an optional member', 'event.secrets?.API_KEY', ['API_KEY']],
  ['a member of an optional', '(event?.secrets).API_KEY', ['API_KEY']],
  ['a member of an alias', 'const { secrets } = event; secrets.API_KEY', ['API_KEY']],
  ['a member behind brackets', `event['secrets'].API_KEY`, ['API_KEY']],
  ['the configuration of a script', 'configuration.API_KEY', ['API_KEY']],
  ['a name in lower case', 'event.secrets.apiKey', ['apiKey']],
  ['a pattern', 'const { API_KEY, other: alias } = event.secrets', ['API_KEY', 'other']],
  ['a pattern with defaults', `const { key = 'x', 'a-b': b } = configuration`, ['a-b', 'key']],
  ['a pattern that assigns', 'let key; ({ key } = event.secrets)', ['key']],
  ['a name that is passed on', `readSetting(values, 'API_KEY')`, ['API_KEY']],
  ['names in a list', `['B_B', 'A_A', 'B_B'].map(read)`, ['A_A', 'B_B']],
  ['a name in a function', 'function f() { return (e) => e.secrets.A_B }', ['A_B']],
]

for (const [how, code, names] of found) {
  test(`settingsReadBy: finds ${how}`, () => {
    expect(settingsReadBy(code)).toEqual(names)
  })
}

const overlooked: [what: string, code: string][] = [
  ['a comment of a line', '// event.secrets.API_KEY\n'],
  ['a comment of a block', `/* readSetting(values, 'API_KEY') */`],
  ['a member of something else', 'event.request.API_KEY; process.env.HOME'],
  ['text that is no name', `'POST'; 'a_B'; 'A-B'; 'see LEGACY_API_URL'`],
  ['a pattern of something else', 'const { key } = event.request'],
  ['a computed member', 'event.secrets[name]'],
  ['the code of an error', `'ERR_JWT_INVALID'`],
]

for (const [what, code] of overlooked) {
  test(`settingsReadBy: does not count ${what}`, () => {
    expect(settingsReadBy(code)).toEqual([])
  })
}

test('settingsReadBy: refuses what is no script', () => {
  expect(() => settingsReadBy('import a from "a"')).toThrow(SyntaxError)
})
