import { isObject, succeeded } from '../auth0-tenant.ts'
import { recordKey } from './actions.ts'
import type { Applications } from './applications.ts'
import type { Base } from './context.ts'

interface Database {
  readonly id: string
  readonly name: string
}

/** Custom scripts, as source, and what they are run with. */
interface Scripts {
  readonly login?: string
  readonly get_user?: string
  readonly configuration?: Readonly<Record<string, string>>
  /** `enable_script_context`. */
  readonly context?: boolean
}

export interface TestUser {
  readonly id: string
  readonly email: string
  readonly password: string
  /** Of the connection. */
  readonly database: string
}

/** A user as the Management API shows one. */
interface StoredUser {
  readonly user_id: string
  readonly app_metadata?: Readonly<Record<string, unknown>>
  readonly user_metadata?: Readonly<Record<string, unknown>>
  readonly [member: string]: unknown
}

export interface Users {
  /** A database that imports users by these scripts, open to the common application. */
  importing(scripts: Scripts): Promise<Database>
  /** The plain database that probes have in common. */
  commonDatabase(): Promise<Database>
  /** A new user, with a verified made-up address; of the common database unless told. */
  user(members?: object, database?: Database): Promise<TestUser>
  /** Somebody of whom an importing database has never heard. `id` is what a script may give. */
  stranger(database: Database): TestUser
  readUser(id: string): Promise<StoredUser>
  /** Makes the second one a linked account of the first. */
  link(primary: TestUser, secondary: TestUser): Promise<void>
  /** What `actionRecording` recorded; undefined when it did not run. */
  recorded(user: Pick<TestUser, 'id'>): Promise<unknown>
}

export function createUsers(base: Base, { commonApplication, open }: Applications): Users {
  const { maker, name, password, tenant } = base
  let common: Promise<Database> | undefined

  async function create(make: Base['maker']['make'], options: object): Promise<Database> {
    const connection = { kind: 'connection', name: name() } as const
    const body = { name: connection.name, strategy: 'auth0', options }
    const made = await make<Database>(connection, () => tenant.manage('POST', 'connections', body))
    await open(made, await commonApplication())
    return made
  }

  async function commonDatabase(): Promise<Database> {
    common ??= create(maker.makeForRun, { disable_signup: false })
    return common
  }

  function stranger(database: Database): TestUser {
    const id = name()
    return { id: `auth0|${id}`, email: `${id}@example.com`, password, database: database.name }
  }

  async function readUser(id: string): Promise<StoredUser> {
    const answer = await tenant.manage('GET', `users/${encodeURIComponent(id)}`)
    return succeeded<StoredUser>(answer, 'GET users')
  }

  return {
    stranger,
    commonDatabase,
    readUser,
    importing({ login = nobody('login'), get_user = nobody('get_user'), configuration, context }) {
      return create(maker.make, {
        enabledDatabaseCustomization: true,
        import_mode: true,
        customScripts: { login, get_user },
        ...(configuration !== undefined && { configuration }),
        ...(context === true && { enable_script_context: true }),
      })
    },
    async user(members = {}, database) {
      const made = stranger(database ?? (await commonDatabase()))
      const { email } = made
      const body = { connection: made.database, email, password, email_verified: true, ...members }
      const answer = await tenant.manage('POST', 'users', body)
      return { ...made, id: succeeded<StoredUser>(answer, 'POST users').user_id }
    },
    async link({ id }, secondary) {
      const path = `users/${encodeURIComponent(id)}/identities`
      const identity = { provider: 'auth0', user_id: secondary.id.slice('auth0|'.length) }
      succeeded(await tenant.manage('POST', path, identity), 'POST identities')
    },
    async recorded({ id }) {
      const record = (await readUser(id)).app_metadata?.[recordKey]
      return isObject(record) ? record.seen : undefined
    },
  }
}

/** A script that knows no user. */
function nobody(script: 'get_user' | 'login'): string {
  return script === 'login'
    ? `function login(identifier, password, callback) {
  callback(new WrongUsernameOrPasswordError(identifier))
}`
    : 'function getUser(email, callback) { callback(null) }'
}

/** A login script that lets in whoever does not type `wrong` or `outage`: then it refuses, or fails. */
export const failingLogin = `function login(identifier, password, callback) {
  if (password === 'wrong') return callback(new WrongUsernameOrPasswordError(identifier))
  if (password === 'outage') return callback(new Error('outage'))
  const email = identifier.toLowerCase()
  callback(null, { user_id: email.split('@')[0], email, email_verified: true })
}`

/**
 * A login script that lets everybody in. The user's id is what stands before the `@`.
 *
 * @param members More members of the profile, as source; `identifier` is in scope.
 */
export function loginWith(members: string): string {
  return `function login(identifier, password, callback) {
  const email = identifier.toLowerCase()
  callback(null, { user_id: email.split('@')[0], email, email_verified: true, ${members} })
}`
}
