import { closeSync, openSync, writeSync } from 'node:fs'

const givenNames = ['José', 'Anna', 'Łukasz', 'Mary', '田中', 'Ödön', 'Zoë 🎉', 'Bob']
const familyNames = ['Müller', 'Smith', 'García', 'Nowak', 'Ng', 'O’Neil']
const bcryptCharacters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./']

/** Users a write. */
const batch = 2_000

/**
 * Writes users as the legacy API exports them, some 600 bytes each: names of several scripts, nested
 * metadata, a bcrypt hash. The same for the same seed.
 */
export function generateUsers(path: string, users: number, seed: number): void {
  const random = randomOf(seed)
  const file = openSync(path, 'w')
  try {
    for (let start = 0; start < users; start += batch) {
      const count = Math.min(batch, users - start)
      const lines = Array.from({ length: count }, (_, index) => userLine(start + index, random))
      writeSync(file, lines.join(''))
    }
  } finally {
    closeSync(file)
  }
}

function userLine(number: number, random: () => number): string {
  const pick = (words: ArrayLike<string>) => words[Math.floor(random() * words.length)] ?? ''
  const [given, family] = [pick(givenNames), pick(familyNames)]
  const hash = Array.from({ length: 53 }, () => pick(bcryptCharacters)).join('')
  const user = {
    legacy_id: String(100_000_000 + number),
    email: `User.${number}@mail-${number % 977}.example.com`,
    email_verified: random() < 0.8,
    ...(random() < 0.5 && { username: `user_${number}` }),
    ...{ name: `${given} ${family}`, given_name: given, family_name: family },
    picture: `https://cdn.example.com/avatars/${number}/large.png`,
    app_metadata: {
      plan: pick(['free', 'gold', 'silver']),
      roles: ['reader', 'writer'].slice(0, random() < 0.5 ? 1 : 2),
      tenant: { id: number % 5_000, region: 'eu-west-1' },
    },
    user_metadata: {
      ...{ locale: 'pt-BR', theme: 'dark' },
      marketing: { mail: random() < 0.5, since: '2019-04-01T00:00:00Z' },
    },
    migrated_at: null,
    password_hash: `$2b$10$${hash}`,
  }
  return `${JSON.stringify(user)}\n`
}

/** A linear congruential generator, of the numbers of Numerical Recipes. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
