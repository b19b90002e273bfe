import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRegistered } from '../../../../servers/tenant/authentication/registered-urls.ts'

const star = 'https://*.example.com/callback'
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/)

/** What has been used to send a browser elsewhere than the text seems to say. */
const tricks = [
  ...['@', '\\', '\\@', '/', '//', '#', '?', ':', ':@', ':443', ':8443', '.', '..', '*', '{', '}'],
  ...['%2e', '%2f', '%23', '%40', '%5c', '%00', '%2A', '\t', '\r\n', '\0', ' ', '\u3002', '\uff0e'],
  ...['evil.com', 'evil.com/', 'evil.com#', 'evil.com?', '.evil.com', 'user:password@', '[::1]'],
  ...['https:', 'http://', 'javascript:', 'data:', 'xn--', 'ex\u00e4mple', 'EXAMPLE.COM', 'X', 'ſ'],
  ...[
    '.example.com',
    '.example.com/callback',
    'example.com',
    '127.0.0.1',
    '0x7f000001',
    '{organization_name}',
  ],
]

/** A URL that a star stands for, with something done to it; or one that is made of tricks alone. */
const hostile = fc.oneof(
  fc
    .tuple(label, fc.constantFrom(...tricks), fc.nat(40), fc.nat(4))
    .map(([sub, trick, at, cut]) => {
      const url = `https://${sub}.example.com/callback`
      return url.slice(0, at) + trick + url.slice(at + cut)
    }),
  fc
    .array(fc.oneof(fc.constantFrom(...tricks), label), { maxLength: 6 })
    .map((parts) => `https://${parts.join('')}`),
  fc
    .array(fc.constantFrom(...tricks), { minLength: 1, maxLength: 3 })
    .map((parts) => `https://${parts.join('')}.example.com/callback`),
)

const patterns = [star, 'https://a-*-b.example.com/callback', 'https://*.example.com:8443/callback']

test('registered URLs: whatever a star or a name stands for is one level of the registered domain', () => {
  fc.assert(
    fc.property(hostile, label, fc.constantFrom(...patterns), (url, name, pattern) => {
      const organization = 'https://{organization_name}.example.com/callback'
      if (!isRegistered([pattern, organization], url, name)) return
      const { host, hostname, href, password, protocol, username } = new URL(url)
      // As text it is what a browser makes of it: nothing was read into it or out of it.
      expect(href).toBe(url)
      expect([protocol, username, password]).toEqual(['https:', '', ''])
      expect(hostname.split('.').slice(1)).toEqual(['example', 'com'])
      expect(host.replace(/^[^.]*/, '')).toMatch(/^\.example\.com(:8443)?$/)
    }),
    { numRuns: 5_000 },
  )
})

test('registered URLs: a star stands for every label, with what is before it and behind it', () => {
  fc.assert(
    fc.property(label, label, label, (sub, before, after) => {
      const around = `https://${before}-*-${after}.example.com:8443/callback?from=a#top`
      const url = around.replace('*', () => sub)
      expect(isRegistered([around], url, null)).toBe(true)
      expect(isRegistered([star], `https://${sub}.example.com/callback`, null)).toBe(true)
    }),
  )
})

test.each([
  ['two levels', 'https://a.b.example.com/callback'],
  ['no level', 'https://example.com/callback'],
  ['an empty label', 'https://.example.com/callback'],
  ['the star itself', star],
  ['a star in other letters', 'https://%2a.example.com/callback'],
  ['another protocol', 'http://x.example.com/callback'],
  ['another port', 'https://x.example.com:8443/callback'],
  ['another path', 'https://x.example.com/callback/'],
  ['a query', 'https://x.example.com/callback?a=b'],
  ['upper case', 'https://X.EXAMPLE.com/callback'],
  ['a domain that begins so', 'https://x.example.com.evil.com/callback'],
  ['a domain that ends so', 'https://evilexample.com/callback'],
  ['the domain in the path', 'https://evil.com/.example.com/callback'],
  ['the domain in the fragment', 'https://evil.com#.example.com/callback'],
  ['the domain in the query', 'https://evil.com?.example.com/callback'],
  ['the domain behind user and password', 'https://evil.com:x@y.example.com/callback'],
  ['a backslash', 'https://evil.com\\@x.example.com/callback'],
  ['a backslash before the domain', 'https://evil.com\\.example.com/callback'],
  ['an encoded slash', 'https://evil.com%2f.example.com/callback'],
  ['a label that is no hostname', 'https://-x.example.com/callback'],
  ['a label of 64 characters', `https://${'x'.repeat(64)}.example.com/callback`],
  ['letters of elsewhere', 'https://ex\u00e4mple.example.com/callback'],
  ['punycode of nothing', 'https://xn--a.example.com/callback'],
  ['what comes before the protocol', ' https://x.example.com/callback'],
  ['what comes behind', 'https://x.example.com/callback\n'],
])('registered URLs: a star stands for no URL with %s', (_, url) => {
  expect(isRegistered([star], url, 'x')).toBe(false)
})

test('registered URLs: a star stands for one character at least, besides what is around it', () => {
  const around = ['https://a-*-b.example.com/']
  expect(isRegistered(around, 'https://a-x-b.example.com/', null)).toBe(true)
  expect(isRegistered(around, 'https://a--b.example.com/', null)).toBe(false)
  expect(isRegistered(around, 'https://a-b.example.com/', null)).toBe(false)
})

test('registered URLs: punycode is a label as any other', () => {
  expect(isRegistered([star], 'https://xn--exmple-cua.example.com/callback', null)).toBe(true)
})

test.each([
  ['of a top-level domain', 'https://*.com/callback', 'https://x.com/callback'],
  ['of a single name', 'https://*.localhost/callback', 'https://x.localhost/callback'],
  ['of an IP address', 'https://*.0.0.1/callback', 'https://127.0.0.1/callback'],
  ['that is the whole hostname', 'https://*/callback', 'https://evil.com/callback'],
  ['below another level', 'https://sub.*.example.com/', 'https://sub.x.example.com/'],
  ['beside another', 'https://*.*.example.com/', 'https://x.y.example.com/'],
  ['twice in a label', 'https://*-*.example.com/', 'https://x-y.example.com/'],
  ['in the path', 'https://example.com/*', 'https://example.com/x'],
  ['in the path too', 'https://*.example.com/*', 'https://x.example.com/x'],
  ['in the port', 'https://x.example.com:*/', 'https://x.example.com:1/'],
  ['in the protocol', '*://x.example.com/', 'https://x.example.com/'],
  ['of another protocol', 'com.example.app://*.example.com/', 'com.example.app://x.example.com/'],
  ['behind a user', 'https://user@*.example.com/', 'https://user@x.example.com/'],
  ['beside a name', 'https://{organization_name}.*.example.com/', 'https://acme.x.example.com/'],
])('registered URLs: a star %s stands for nothing', (_, registered, url) => {
  expect(isRegistered([registered], url, 'acme')).toBe(false)
  expect(isRegistered([registered], registered, 'acme')).toBe(false)
})

test('registered URLs: {organization_name} stands for the organization that the login is for', () => {
  const registered = ['http://{organization_name}.example.com:3000/callback']
  const of = (name: string) => `http://${name}.example.com:3000/callback`
  expect(isRegistered(registered, of('acme'), 'acme')).toBe(true)
  expect(isRegistered(registered, of('acme_2-b'), 'acme_2-b')).toBe(true)
  expect(isRegistered(registered, of('other'), 'acme')).toBe(false)
  expect(isRegistered(registered, of('acme'), null)).toBe(false)
  expect(isRegistered(registered, of('{organization_name}'), null)).toBe(false)
  expect(isRegistered(registered, of('evil.com/'), 'evil.com/')).toBe(false)
})

test.each([
  ['alone', 'https://{organization_name}', 'https://acme'],
  ['of a top-level domain', 'https://{organization_name}.com', 'https://acme.com'],
  ['in the path', 'https://example.com/{organization_name}', 'https://example.com/acme'],
  ['below a level', 'https://a.{organization_name}.example.com', 'https://a.acme.example.com'],
  [
    'twice',
    'https://{organization_name}.{organization_name}.example.com',
    'https://acme.acme.example.com',
  ],
  [
    'with more of a label',
    'https://a-{organization_name}.example.com',
    'https://a-acme.example.com',
  ],
  [
    'of another protocol',
    'com.example.app://{organization_name}.example.com',
    'com.example.app://acme.example.com',
  ],
  [
    'that is of a custom domain',
    'https://{custom_domain.metadata.public_app}.example.com',
    'https://acme.example.com',
  ],
])('registered URLs: a name %s stands for nothing', (_, registered, url) => {
  expect(isRegistered([registered], url, 'acme')).toBe(false)
})

test('registered URLs: without a placeholder one is itself, character for character', () => {
  const urls = [
    'https://app.example/callback',
    'com.example.app://callback',
    'http://localhost:3000',
  ]
  for (const url of urls) {
    expect(isRegistered(urls, url, null)).toBe(true)
    expect(isRegistered(urls, `${url}/`, null)).toBe(false)
    expect(isRegistered(urls, url.toUpperCase(), null)).toBe(false)
  }
})
