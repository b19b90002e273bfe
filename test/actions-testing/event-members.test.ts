import { expect, test } from 'vitest'
import { createCredentialsExchangeEvent } from '../../actions-testing/credentials-exchange-event.ts'
import { createPostLoginEvent } from '../../actions-testing/event.ts'
import {
  type deeperExchangeMembers,
  type deeperLoginMembers,
  exchangeEventMembers,
  loginEventMembers,
  membersOfExchangeEvent,
  membersOfLoginEvent,
} from '../../actions-testing/event-members.ts'
import type { Event as ExchangeEvent } from '../../actions-testing/types/credentials-exchange/v2.ts'
import type { Event as LoginEvent } from '../../actions-testing/types/post-login/v3.ts'

type Names<Text extends string> = Text extends `${infer One} ${infer Rest}`
  ? One | Names<Rest>
  : Text

/** Members of an event, and of each its own; of a dictionary there are none to name. */
type Members<Event> = {
  readonly [Name in keyof Event]-?: string extends keyof NonNullable<Event[Name]>
    ? '*'
    : keyof NonNullable<Event[Name]> & string
}

type Documented<List> = { readonly [Name in keyof List]: Names<List[Name] & string> }

/** Names of a type, without those of a dictionary. */
type Known<Value> = keyof {
  [Name in keyof Value as string extends Name ? never : Name]: true
} &
  string

type Member<Value, Name extends string> = Name extends `${infer List}[]`
  ? NonNullable<Value[List & keyof Value]> extends readonly (infer Item)[]
    ? Item
    : never
  : NonNullable<Value[Name & keyof Value]>

type At<Value, Path extends string> = Path extends `${infer First}.${infer Rest}`
  ? At<Member<Value, First>, Rest>
  : Member<Value, Path>

type Deeper<Event, List> = { readonly [Path in keyof List]: Known<At<Event, Path & string>> }

/** True where the types have the members of the list and no other; else it does not compile. */
type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : never) : never

const loginIsDocumented: Same<Members<LoginEvent>, Documented<typeof loginEventMembers>> = true

const exchangeIsDocumented: Same<
  Members<ExchangeEvent>,
  Documented<typeof exchangeEventMembers>
> = true

const loginIsDocumentedInside: Same<
  Deeper<LoginEvent, typeof deeperLoginMembers>,
  Documented<typeof deeperLoginMembers>
> = true

const exchangeIsDocumentedInside: Same<
  Deeper<ExchangeEvent, typeof deeperExchangeMembers>,
  Documented<typeof deeperExchangeMembers>
> = true

/** What of an event no page documents: `user.colour`. */
function undocumented(event: object, documented: Readonly<Record<string, string>>): string[] {
  return Object.entries(event).flatMap(([name, member]) => {
    if (member === null) return []
    const names = documented[name]?.split(' ')
    if (names === undefined) return [name]
    if (names.includes('*')) return []
    return Object.keys(member)
      .filter((own) => !names.includes(own))
      .map((own) => `${name}.${own}`)
  })
}

test('event: the types have every documented member and no other, and so have the samples', () => {
  expect([loginIsDocumented, exchangeIsDocumented]).toEqual([true, true])
  expect([loginIsDocumentedInside, exchangeIsDocumentedInside]).toEqual([true, true])
  for (let seed = 1; seed <= 50; seed += 1) {
    expect(undocumented(createPostLoginEvent({}, { seed }), loginEventMembers)).toEqual([])
    expect(
      undocumented(createCredentialsExchangeEvent({}, { seed }), exchangeEventMembers),
    ).toEqual([])
  }
  // What the page says is always there.
  const always = ['secrets', 'client', 'connection', 'request', 'stats', 'tenant', 'user']
  expect(Object.keys(createPostLoginEvent())).toEqual(expect.arrayContaining(always))
})

test('event: each path is inside another, so that none is passed over', () => {
  for (const members of [membersOfLoginEvent, membersOfExchangeEvent]) {
    for (const path of members.keys()) {
      const [name = ''] = path.match(/[^.]+$/) ?? []
      const holder = path.slice(0, -name.length).replace(/\.$/, '')
      const names = members.get(holder)?.names ?? []
      if (path !== '') expect(names, path).toContain(name.replace('[]', ''))
    }
  }
})
