import { afterEach, expect } from 'vitest'

/** What no log line, error, reason or URL may hold. */
export const personal = {
  email: 'ada.lovelace@example.com',
  password: 'a pass phrase',
  secret: 'a-client-secret',
  profile: 'gold-plated',
}

/** Parts of these, and tokens that the servers of the tests give out. */
const words = [
  ...Object.values(personal),
  ...['ada.lovelace', '@example', 'token-1', 'token-2', 'stale-token'],
]

/** Addresses, tokens, password hashes and keys of any kind: no line, error or reason holds such. */
const tellTale = /@|Bearer |eyJ|\$2[aby]\$|-----BEGIN/

interface Text {
  readonly kind: 'error' | 'log' | 'reason' | 'url'
  readonly text: string
}

const overheard: Text[] = []

/** Keeps what has left the kit, to be looked through when the test is over. */
export function overhear(kind: Text['kind'], text: string): void {
  overheard.push({ kind, text })
}

/** Whatever a test of this folder is about, nothing that left the kit in it says who it was about. */
afterEach(() => {
  for (const { kind, text } of overheard.splice(0)) {
    expect(personalIn(text), kind).toEqual([])
    if (kind === 'url') continue
    expect(text, kind).not.toMatch(tellTale)
    // What Auth0 keeps of a log: more would be lost.
    expect(text.length, kind).toBeLessThanOrEqual(256)
  }
})

/** The words of the list above that a text holds, percent-encoded or not. */
export function personalIn(text: string): readonly string[] {
  return words.filter((word) => text.includes(word) || decoded(text).includes(word))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
