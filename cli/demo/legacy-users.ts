/** Users of the sample legacy store. Everything about them is made up, and the same in every run. */

export interface SampleUser {
  readonly legacy_id: string
  readonly email: string
  readonly email_verified: boolean
  readonly username: string
  readonly name: string
  readonly given_name: string
  readonly family_name: string
  readonly blocked: boolean
  readonly app_metadata: { readonly [key: string]: unknown }
  readonly user_metadata: { readonly [key: string]: unknown }
  /** In the clear: the demo logs in with it. */
  readonly password: string
}

const givenNames = [
  ...['Ada', 'Amélie', 'Björn', 'Chidi', 'Dörte', 'Emre', 'Fatima', 'Grace', 'Héctor', 'Inés'],
  ...['Jan', 'Kaito', 'Laszlo', 'Miriam', 'Noor', 'Olga', 'Priya', 'Quang', 'Rosa', 'Søren'],
]
const familyNames = [
  ...['Adeyemi', 'Bauer', 'Castillo', 'Dubois', 'Eriksen', 'Fischer', 'García', 'Haddad', 'İnan'],
  ...[
    'Jansen',
    'Kowalski',
    'Lindqvist',
    'Moreau',
    'Nakamura',
    "O'Brien",
    'Petrov',
    'Rossi',
    'Šimek',
  ],
]
const plans = ['free', 'basic', 'pro', 'enterprise']
const locales = ['en-GB', 'de-DE', 'fr-FR', 'es-ES', 'tr-TR', 'ja-JP']

/** Few, so that a few hashes are enough for everybody: one takes longer than all else about a user. */
const samplePasswords = ['correct horse 1', 'battery staple 2', 'Tr0ub4dor&3', 'kürbis-süppe 4']

/** Makes `count` users; every fiftieth is blocked. */
export function makeSampleUsers(count: number): readonly SampleUser[] {
  return Array.from({ length: count }, (_, index) => {
    const given_name = pick(givenNames, index)
    const family_name = pick(familyNames, Math.floor(index / givenNames.length) + index)
    const mailbox = `${asciiOf(given_name)}.${asciiOf(family_name)}.${index}`
    return {
      legacy_id: String(1_000 + index),
      email: `${mailbox}@legacy.example`,
      email_verified: true,
      username: mailbox,
      name: `${given_name} ${family_name}`,
      given_name,
      family_name,
      blocked: index % 50 === 49,
      app_metadata: { plan: pick(plans, index), customer_no: `C-${20_000 + index}` },
      user_metadata: { locale: pick(locales, index), newsletter: index % 3 === 0 },
      password: pick(samplePasswords, index),
    }
  })
}

function pick<Item>(items: readonly Item[], index: number): Item {
  return items[index % items.length] as Item
}

function asciiOf(name: string): string {
  const plain = name.normalize('NFD').replace(/[^A-Za-z]/g, '')
  return plain.toLowerCase()
}
