import type { Namespace } from './api-method.ts'
import type { Check } from './argument-checks.ts'
import { name, number, oneOf, text, textOfAtMost } from './argument-checks.ts'
import type { LoginTurn } from './login-state.ts'
import { reportTime } from './strict-call.ts'

// https://github.com/auth0/auth0-actions
const maxEntries = 25
const maxCharacters = 255

const entryName: Check = (value) =>
  typeof value === 'string' && /^[\w-]{1,255}$/.test(value)
    ? null
    : `a string of letters, digits, _ and -, at most ${maxCharacters}`

const entryText: Check = (value) => (value === null ? null : textOfAtMost(maxCharacters)(value))

const time: Check = (value) => (value === 0 ? 'a number that is not 0' : number(value))

type Entries = Readonly<Record<string, string>>

/** Changes the metadata of a session or a refresh token, which this Action sees at once. */
function change(
  { event }: LoginTurn,
  of: 'refresh_token' | 'session',
  next: (entries: Entries) => Entries,
): void {
  const holder = event[of]
  // A refresh token may be made after this, and has metadata all the same.
  if (holder === undefined) return
  const metadata = next((holder.metadata ?? {}) as Entries)
  if (Object.keys(metadata).length > maxEntries) {
    throw new TypeError(`the metadata of ${of} exceeds ${maxEntries} entries`)
  }
  Object.assign(holder, { metadata })
}

function without(entries: Entries, key: unknown): Entries {
  return Object.fromEntries(Object.entries(entries).filter(([held]) => held !== key))
}

function lifetimeAndMetadata(of: 'refresh_token' | 'session'): Namespace<LoginTurn> {
  const api = of === 'session' ? 'session' : 'refreshToken'
  return {
    setExpiresAt: {
      parameters: [['absolute', time]],
      run: ({ misused }, at) => reportTime(misused, `api.${api}.setExpiresAt a time`, at),
    },
    setIdleExpiresAt: {
      parameters: [['inactivity', time]],
      run: ({ misused }, at) => reportTime(misused, `api.${api}.setIdleExpiresAt a time`, at),
    },
    setMetadata: {
      parameters: [
        ['key', entryName],
        ['value', entryText],
      ],
      run(turn, key, value) {
        if (of === 'session' && turn.event.session === undefined) {
          throw new TypeError('api.session.setMetadata: there is no session')
        }
        change(turn, of, (entries) => ({
          ...without(entries, key),
          ...(typeof value === 'string' && { [String(key)]: value }),
        }))
      },
    },
    deleteMetadata: {
      parameters: [['key', name]],
      run: (turn, key) => change(turn, of, (entries) => without(entries, key)),
    },
    evictMetadata: { parameters: [], run: (turn) => change(turn, of, () => ({})) },
  }
}

/** Methods that are checked and recorded, and of which little is modelled. */
export const recordedMethods = {
  refreshToken: lifetimeAndMetadata('refresh_token'),
  // Rules have ended: none runs before a login.
  rules: { wasExecuted: { parameters: [['ruleId', text]], run: () => false } },
  session: {
    ...lifetimeAndMetadata('session'),
    setCookieMode: { parameters: [['mode', oneOf('non-persistent', 'persistent')]] },
  },
} satisfies Readonly<Record<string, Namespace<LoginTurn>>>
