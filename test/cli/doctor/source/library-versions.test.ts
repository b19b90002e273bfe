import { expect, test } from 'vitest'
import {
  addressFindings,
  highestMajor,
  packageFindings,
} from '../../../../cli/doctor/source/library-versions.ts'

for (const [range, major] of [
  ['8', 8],
  ['^8.2.2', 8],
  ['~7.1', 7],
  ['8.x', 8],
  ['=8.0.1', 8],
  ['v8.2.0-beta.1', 8],
  ['>=8 <9', 8],
  ['>=8 <9.1', 9],
  ['>=7.0.0 <=8.9.9', 8],
  ['7.0.0 - 8.4.0', 8],
  ['^7 || ^10', 10],
  ['auth0/lock#v8.2.2', 8],
  ['auth0/lock#semver:^8', 8],
  ['npm:auth0-lock@8.1.0', 8],
  ['>=8', null],
  ['*', null],
  ['latest', null],
  ['^8 || *', null],
  ['git+https://github.com/auth0/lock.git', null],
  ['workspace:*', null],
] as const) {
  test(`highestMajor: ${range} goes as far as ${major}`, () => {
    expect(highestMajor(range)).toBe(major)
  })
}

const ids = (findings: ReturnType<typeof packageFindings>) => findings.map(({ kind }) => kind.id)

for (const [name, range, expected] of [
  ['auth0-lock', '^8.2.0', ['vulnerable-password-flow', 'legacy-lock-api']],
  ['auth0-lock', '^9.0.0', ['legacy-lock-api']],
  ['auth0-lock', '^10.24.0', ['legacy-lock-api']],
  ['auth0-lock', '^11.0.0', []],
  ['auth0-js', '^8.0.0', ['legacy-lock-api']],
  ['auth0-js', '^9.0.0', []],
  ['lock', 'npm:auth0-lock@^8.0.0', ['vulnerable-password-flow', 'legacy-lock-api']],
  ['auth0-lock-passwordless', '^2.0.0', ['legacy-lock-api']],
  ['@auth0/cordova', '^0.3.0', ['retired-sdks']],
  ['auth0-analytics.js', '^1.3.1', ['auth0-analytics']],
  ['auth0', '^2.0.0', []],
  ['constructor', '^2.0.0', []],
] as const) {
  test(`packageFindings: ${name} ${range} is ${expected.join(' and ') || 'fine'}`, () => {
    expect(ids(packageFindings(name, range))).toEqual(expected)
  })
}

for (const [address, expected] of [
  ['//cdn.auth0.com/js/lock-7.5.min.js', ['vulnerable-password-flow', 'legacy-lock-api']],
  ['http://cdn.auth0.com/js/lock-9.min.js', ['legacy-lock-api']],
  ['https://cdn.auth0.com/js/lock/11.30/lock.min.js', []],
  ['https://cdn.auth0.com/js/lock-passwordless-2.2.min.js', ['legacy-lock-api']],
  ['https://cdn.auth0.com/w2/auth0-7.6.1.min.js', ['legacy-lock-api']],
  [
    'https://cdn.auth0.com/w2/auth0-widget-2.3.min.js',
    ['vulnerable-password-flow', 'legacy-lock-api'],
  ],
  ['https://cdn.auth0.com/js/auth0/9.18/auth0.min.js', []],
  ['https://cdn.jsdelivr.net/npm/auth0-js@8.12.0/build/auth0.min.js', ['legacy-lock-api']],
  ['https://unpkg.com/auth0-lock@11/build/lock.js', []],
  [
    'https://cdnjs.cloudflare.com/ajax/libs/auth0-lock/8.2.2/auth0-lock.min.js',
    ['vulnerable-password-flow', 'legacy-lock-api'],
  ],
  ['https://cdn.acme.com/js/lock-8.min.js', []],
] as const) {
  test(`addressFindings: ${address} is ${expected.join(' and ') || 'fine'}`, () => {
    expect(ids(addressFindings(address))).toEqual(expected)
  })
}
