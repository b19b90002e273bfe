import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readLegacyApiSettings } from '../../core/legacy-api-settings.ts'
import { readPhase } from '../../core/phase.ts'
import { isSafeUrl, readSetting } from '../../core/settings.ts'

const client = { id: 'LEGACY_ACTIONS_CLIENT_ID', credential: 'LEGACY_ACTIONS_CLIENT_SECRET' }
const values = {
  LEGACY_API_URL: 'https://legacy.example/api/',
  LEGACY_API_AUDIENCE: 'https://legacy-api.example',
  LEGACY_TOKEN_URL: 'https://tenant.example/oauth/token',
  LEGACY_ACTIONS_CLIENT_ID: 'client-1',
  LEGACY_ACTIONS_CLIENT_SECRET: 'a secret worth keeping',
}
type Name = keyof typeof values
const names = Object.keys(values) as Name[]

test('readLegacyApiSettings: reads what a call needs, the base URL without its slash', () => {
  expect(readLegacyApiSettings(values, client)).toEqual({
    apiUrl: 'https://legacy.example/api',
    audience: 'https://legacy-api.example',
    tokenUrl: 'https://tenant.example/oauth/token',
    clientId: 'client-1',
    credential: 'a secret worth keeping',
    client,
  })
})

test('readLegacyApiSettings: names every missing setting, whatever stands for one that is not set', () => {
  const unset = (name: string) =>
    fc.constantFrom(undefined, '', ' \n', '####', `##${name}##`, `@@${name}@@`)
  fc.assert(
    fc.property(
      fc.subarray(names, { minLength: 1 }),
      fc.infiniteStream(unset('X')),
      (gone, blank) => {
        const given = {
          ...values,
          ...Object.fromEntries(gone.map((name) => [name, blank.next().value])),
        }
        expect(readLegacyApiSettings(given, client)).toEqual({
          code: 'setting_missing',
          settings: gone,
        })
      },
    ),
  )
})

test('readLegacyApiSettings: names both URLs when both are malformed, and repeats neither', () => {
  const bad = { ...values, LEGACY_API_URL: 'legacy.example', LEGACY_TOKEN_URL: 'http://a.example/' }
  expect(readLegacyApiSettings(bad, client)).toEqual({
    code: 'setting_invalid',
    settings: ['LEGACY_API_URL', 'LEGACY_TOKEN_URL'],
  })
})

test('readSetting: a value that merely holds a mark of a placeholder is a value', () => {
  for (const value of ['##a', 'a##', 'x##A##', '@@', '#A#']) {
    expect(readSetting({ A: value }, 'A')).toBe(value)
  }
})

test('readSetting: what is no text is missing', () => {
  for (const value of [null, 7, true, {}, []]) {
    expect(readSetting({ A: value as unknown as string }, 'A')).toBe(undefined)
  }
})

const safe = [
  ...[
    'https://a.example',
    'https://a.example/',
    'HTTPS://A.example:8443/x/y',
    'https://10.0.0.1/a',
  ],
  ...['https://[2001:db8::1]:8443/', 'https://bücher.example/', 'https://a.example/@x'],
  ...['http://localhost:3000', 'http://127.0.0.1:80/a', 'http://127.9.9.9', 'http://[::1]:80/'],
]
const unsafe = [
  ...[
    '',
    'a.example',
    '//a.example',
    'ftp://a.example',
    'javascript:alert(1)',
    'https://',
    'https:///a',
  ],
  ...['http://a.example', 'http://127.0.0.1.evil.example', 'http://localhost.evil.example'],
  ...[
    'http://127.0.0.1@evil.example',
    'http://localhost:80@evil.example',
    'http://[::1].evil.example',
  ],
  ...[
    'https://user@a.example',
    'https://user:pass@a.example',
    'https://a.example?x',
    'https://a.example/?x',
  ],
  ...[
    'https://a.example/#x',
    'https://a b.example',
    'https://a.example\\@b',
    'https://a.example/\n',
  ],
  ...['https://a.example:0', 'https://a.example:70000', 'https://a.example:port', 'https://[zz]/'],
  ...[
    'https://a%40b.example/',
    'https://a.example/\u0000',
    'http://0.0.0.0',
    'http://[::2]',
    'https://[::1',
  ],
]

for (const url of safe) {
  test(`isSafeUrl: takes ${url}`, () => {
    expect([isSafeUrl(url), URL.canParse(url)]).toEqual([true, true])
  })
}

for (const url of unsafe) {
  test(`isSafeUrl: refuses ${JSON.stringify(url)}`, () => {
    expect(isSafeUrl(url)).toBe(false)
  })
}

test('isSafeUrl: what it takes goes over TLS or to this machine, with nothing but a path', () => {
  const part = fc.constantFrom(
    ...[
      'http:',
      'https:',
      '//',
      '/',
      '\\',
      '@',
      ':',
      '?',
      '#',
      '.',
      '%',
      '[',
      ']',
      '\t',
      '127.0.0.1',
    ],
    ...['localhost', 'evil.example', '::1', '80', 'user', '0x7f.1', '\u00ad', '\uff0e', '\ufe52'],
  )
  fc.assert(
    fc.property(fc.constantFrom('http://', 'https://', ''), fc.array(part), (scheme, parts) => {
      const text = scheme + parts.join('')
      if (!isSafeUrl(text) || !URL.canParse(text)) return
      const { protocol, hostname, username, password, search, hash } = new URL(text)
      expect([username, password, search, hash]).toEqual(['', '', '', ''])
      const here =
        hostname === 'localhost' || hostname === '[::1]' || /^127\.[\d.]+$/.test(hostname)
      expect(protocol === 'https:' || here).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

const phases: [word: string | undefined, phase: ReturnType<typeof readPhase>][] = [
  [undefined, 'lazy'],
  ['', 'lazy'],
  ['##MIGRATION_PHASE##', 'lazy'],
  ['lazy', 'lazy'],
  ['off', 'off'],
  ['complete', 'complete'],
  ['Off', null],
  ['done', null],
  ['constructor', null],
]

for (const [word, phase] of phases) {
  test(`readPhase: ${word === undefined ? 'nothing' : `"${word}"`} is ${phase}`, () => {
    expect(readPhase(word === undefined ? {} : { MIGRATION_PHASE: word })).toBe(phase)
  })
}
