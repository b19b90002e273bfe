import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { checks } from '../../../cli/doctor/checks/all-checks.ts'
import { readNeeded } from '../../../cli/doctor/checks/read-needed.ts'
import { runChecks } from '../../../cli/doctor/checks/run-checks.ts'
import { codeOutcomes } from '../../../cli/doctor/code-outcomes.ts'
import { codeItself } from '../../../cli/doctor/tenant/read-code.ts'
import { resourceOf } from '../../../cli/doctor/tenant/resources.ts'
import type {
  Resource,
  Section,
  TenantSource,
  TenantView,
} from '../../../cli/doctor/tenant/tenant-view.ts'
import { checkFile, settings } from './check-file.ts'

const origin = { code: codeItself, place: () => ({}), codePlace: () => null }

/** Some kilobytes each, none of which concerns another. */
const members: Readonly<Record<string, (number: number, text: string) => object>> = {
  actions: (n, text) => ({ name: `a${n}`, code: `const a = '${text}'`, runtime: 'node22' }),
  clientGrants: (n, text) => ({ client_id: `c${n}`, audience: `api${n}`, scope: [text] }),
  clients: (n, text) => ({ name: `c${n}`, description: text, is_first_party: true }),
  connections: (n, text) => ({ name: `con${n}`, strategy: 'waad', options: { text } }),
  databases: (n, text) => ({ name: `d${n}`, enabled_clients: [], options: { text } }),
  organizations: (n, text) => ({ name: `o${n}`, connections: [{ name: text }] }),
  resourceServers: (n, text) => ({
    name: `r${n}`,
    identifier: `api${n}`,
    scopes: [{ value: text }],
  }),
  rules: (n, text) => ({ name: `r${n}`, script: text, enabled: false }),
}

/** A tenant that is never there as a whole. */
function tenantOf(each: number): TenantSource {
  function* entries(section: Section): Generator<Resource> {
    for (let number = 0; number < (members[section] === undefined ? 0 : each); number += 1) {
      // A new text every time: texts that are equal would be one in memory.
      const text = `${number} ${section}`.repeat(300)
      const read = resourceOf(
        section,
        members[section]?.(number, Buffer.from(text).toString()),
        origin,
      )
      if (read !== null) yield read
    }
  }
  return { origin: 'file', entries, because: () => 'nothing', problems: [] }
}

const collect = collector()

function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

/** Bytes in use in the middle of the last section, where everything before would be held. */
function heapAtEnd(each: number): number {
  let used = 0
  let seen = 0
  for (const one of runChecks(checks, tenantOf(each), settings, [codeOutcomes])) {
    if (one.type !== 'progress' || one.step.what !== 'checked') continue
    seen = one.step.done
    if (seen !== each * 8 - 10) continue
    collect()
    used = process.memoryUsage().heapUsed
  }
  expect(seen).toBe(each * 8)
  return used
}

test('runChecks: holds no more of ten times as many resources', () => {
  heapAtEnd(100)
  const few = heapAtEnd(500)
  const many = heapAtEnd(5_000)
  // Held, the others would be over 100 MB.
  expect(many - few).toBeLessThan(5_000_000)
})

test('readNeeded: holds what other checks ask for, and nothing else', () => {
  const named = (section: Section, value: object) => {
    const read = resourceOf(section, value, origin)
    return read === null ? [] : [read]
  }
  const others = tenantOf(20)
  const wanted: Partial<Record<Section, readonly Resource[]>> = {
    triggers: named('triggers', { name: 'post-login', bindings: [{ action_name: 'a7' }] }),
    actions: [
      ...named('actions', { name: 'copy-metadata' }),
      ...named('actions', { name: 'b', secrets: [{ name: 'LEGACY_API_AUDIENCE', value: 'api3' }] }),
      ...named('actions', { name: 'sms', supported_triggers: [{ id: 'custom-phone-provider' }] }),
    ],
    databases: named('databases', { name: 'custom', options: { customScripts: { login: 'x' } } }),
    resourceServers: named('resourceServers', {
      name: 'legacy',
      identifier: 'L',
      scopes: [{ value: 'read:legacy_users' }],
    }),
    clientGrants: named('clientGrants', { client_id: 'c5', audience: 'L' }),
  }
  const view = needed({
    ...others,
    entries: (section) => [...(wanted[section] ?? []), ...(others.entries(section) ?? [])],
  })
  const names = (section: Parameters<TenantView['section']>[0]) =>
    view.section(section)?.map(({ name }) => name)
  expect(names('actions')).toEqual(['copy-metadata', 'b', 'sms', 'a7'])
  expect(names('databases')).toEqual(['custom'])
  expect(names('resourceServers')).toEqual(['legacy', 'r3'])
  expect(names('clientGrants')).toEqual(['c5 for L', 'c3 for api3'])
  expect(names('clients')).toEqual(['c3', 'c5'])
  expect(names('connections')).toEqual(['con0'])
})

function needed(source: TenantSource): TenantView {
  const reading = readNeeded(source, settings)
  let next = reading.next()
  while (next.done !== true) next = reading.next()
  return next.value
}

const leftOpen: readonly (readonly [file: string, name: string, line: number])[] = [
  ['tenant:\n  flags: @@FLAGS@@', 'flags', 2],
  ['databases:\n  - name: a\n    options: @@OPTIONS@@', 'options', 3],
  ['databases:\n  - options:\n      customScripts: @@SCRIPTS@@', 'customScripts', 3],
  ['triggers:\n  post-login: @@BINDINGS@@', 'bindings', 2],
  ['resourceServers:\n  - subject_type_authorization: @@POLICY@@', 'subject_type_authorization', 2],
  ['clientGrants:\n  - scope: [a, ##SCOPE##]', 'scope', 2],
  [
    'organizations:\n  - connections: [{ assign_membership_on_login: @@ON@@ }]',
    'assign_membership_on_login',
    2,
  ],
]

for (const [file, name, line] of leftOpen) {
  test(`runChecks: ${name} that is to be filled in is not checked, and no pass`, () => {
    const because = `${name} is filled in when it is published`
    expect(checkFile(file)).toContainEqual(
      expect.objectContaining({
        type: 'not-checked',
        because,
        where: expect.objectContaining({ line }),
      }),
    )
  })
}
