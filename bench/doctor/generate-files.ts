import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Files of one folder, as people and their tools have them. */
const filesAFolder = 200

/**
 * Writes the source of applications, some 2 kB a file. One file in fifty has to do with Auth0, and one in
 * five hundred with something to find.
 */
export function generateSources(root: string, files: number): void {
  for (let number = 0; number < files; number += 1) {
    const folder = join(root, `part-${Math.floor(number / filesAFolder)}`)
    if (number % filesAFolder === 0) mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `module-${number}.js`), sourceText(number))
  }
}

function sourceText(number: number): string {
  const functions = Array.from(
    { length: 10 },
    (_, index) => `export function total${index}(items, { skip, tax = ${number % 25} } = {}) {
  const found = items.filter((one) => one.id !== skip && one.size > ${index})
  return found.map((one) => ({ ...one, total: one.price * (1 + tax / 100) }))
}
`,
  )
  const auth0 = `import { createAuth0Client } from '@auth0/auth0-spa-js'
export const client = createAuth0Client({ domain: 'acme.eu.auth0.com', clientId: 'a${number}' })
`
  const old = `export const check = (id_token) =>
  fetch('https://acme.eu.auth0.com/tokeninfo', { method: 'POST', body: JSON.stringify({ id_token }) })
`
  const parts = [number % 50 === 0 ? auth0 : '', ...functions, number % 500 === 0 ? old : '']
  return parts.join('\n')
}

/**
 * Writes an export of deploy-cli in folders, of a tenant with many organizations: nine files in ten are
 * one, the tenth is a client or its grant. One in five hundred has something to find.
 */
export function generateExport(root: string, files: number): void {
  const folders = ['clients', 'database-connections/people', 'grants', 'organizations']
  for (const folder of folders) mkdirSync(join(root, folder), { recursive: true })
  const write = (file: string, value: object) =>
    writeFileSync(join(root, file), JSON.stringify(value, null, 2))
  write('database-connections/people/database.json', {
    name: 'people',
    options: {
      enabledDatabaseCustomization: true,
      import_mode: true,
      customScripts: {
        login:
          'function login(email, password, callback) { return callback(new WrongUsernameOrPasswordError(email)); }',
        get_user: 'function getByEmail(email, callback) { return callback(null); }',
      },
    },
  })
  for (let number = 1; number < files; number += 1) {
    if (number % 20 === 0) write(`clients/client-${number}.json`, client(number))
    else if (number % 20 === 10) write(`grants/grant-${number}.json`, grant(number))
    else write(`organizations/org-${number}.json`, organization(number))
  }
}

function organization(number: number): object {
  return {
    name: `org-${number}`,
    display_name: `Organization ${number}`,
    branding: {
      logo_url: `https://cdn.example.com/${number}.png`,
      colors: { primary: '#112233', page_background: '#ffffff' },
    },
    metadata: { plan: 'gold', region: 'eu', account: String(number), note: 'x'.repeat(300) },
    connections: [
      { name: 'people', assign_membership_on_login: number % 500 !== 1, show_as_button: true },
    ],
  }
}

function client(number: number): object {
  return {
    name: `client-${number}`,
    app_type: 'regular_web',
    is_first_party: true,
    callbacks: [`https://app-${number}.example.com/callback`],
    grant_types: ['authorization_code', 'refresh_token'],
    jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000 },
    client_metadata: { note: 'x'.repeat(300) },
  }
}

function grant(number: number): object {
  return {
    client_id: `client-${number - 10}`,
    audience: `https://api-${number}.example.com/`,
    scope: ['read:things', 'update:things'],
  }
}
