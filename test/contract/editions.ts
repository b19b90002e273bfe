import { createPostLoginEvent } from '../../actions-testing/event.ts'
import { createRuleLogin } from '../../actions-testing/rule-login.ts'
import type { RulesOutcome } from '../../actions-testing/rules-run.ts'
import type { PostLoginOutcome, Runtime } from '../../actions-testing/runtime.ts'
import { bundle } from '../../build/bundle.ts'
import { findEntryPoints } from '../../build/entry-points.ts'
import type { MigrationConfig } from '../../core/migration-config.ts'
import type { StoredUser } from '../runtimes/flow.ts'
import { overhear, personal } from '../runtimes/overheard.ts'
import { config, secretsFor } from '../runtimes/post-login.ts'

const order = ['protect-legacy-audience', 'backfill-metadata', 'mark-migrated', 'copy-metadata']

/** Requests are counted: on a busy machine none may be sent again for want of time. */
const patient: MigrationConfig = {
  ...config,
  backfill: { ...config.backfill, budget: 8_000 },
  mark: { budget: 8_000 },
}

/** A login as both platforms see it. */
export interface Login {
  /** Added to the settings that work; `undefined` takes one away. */
  readonly settings?: Readonly<Record<string, string | undefined>>
  readonly protocol?: string
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: Readonly<Record<string, unknown>>
}

/** What a login amounts to for the user, whatever it was that ran. */
export interface Ended {
  readonly denied: { readonly error: string; readonly description: string } | null
  readonly idTokenClaims: Readonly<Record<string, unknown>>
  readonly accessTokenClaims: Readonly<Record<string, unknown>>
  /** The user as stored afterwards. */
  readonly user: StoredUser
  /** Profile writes that this login cost. */
  readonly writes: number
  readonly log: readonly unknown[]
}

/** The kit on one platform: a warm instance that knows nothing yet. */
export interface Edition {
  readonly logIn: (user: StoredUser, login: Login) => Promise<Ended>
}

/** Source text of the bundles by kind and name, as the build makes them. */
export async function buildEditions(
  overrides: Partial<MigrationConfig> = {},
): Promise<ReadonlyMap<string, string>> {
  const code = new Map<string, string>()
  for (const entry of findEntryPoints('.', config.connection)) {
    if (entry.kind === 'database-script') continue
    const made = await bundle(process.cwd(), entry, { ...patient, ...overrides })
    if ('problems' in made) throw new Error(made.problems.map(({ message }) => message).join())
    code.set(`${entry.kind} ${entry.name}`, made.bundle.code)
  }
  return code
}

/** @param code What is not in it is not published. */
export function actionsEdition(
  code: ReadonlyMap<string, string>,
  runtime: Runtime,
  url: string,
): Edition {
  return {
    async logIn(user, login) {
      const secrets = settingsOf(url, login)
      const actions = order.flatMap((name) => {
        const bundled = code.get(`action ${name}`)
        return bundled === undefined ? [] : [{ name, secrets, code: bundled }]
      })
      const outcome = await runtime.runPostLogin({ actions, event: eventOf(user, login) })
      const { appMetadata, userMetadata, denied } = outcome
      const isWritten = Object.keys({ ...appMetadata, ...userMetadata }).length > 0
      return ended(outcome, {
        denied: denied && { error: 'access_denied', description: denied.reason },
        user: merged(merged(user, 'app_metadata', appMetadata), 'user_metadata', userMetadata),
        writes: isWritten ? 1 : 0,
      })
    },
  }
}

export function rulesEdition(
  code: ReadonlyMap<string, string>,
  runtime: Runtime,
  url: string,
): Edition {
  return {
    async logIn(user, login) {
      const rules = order.map((name) => ({ name, code: code.get(`rule ${name}`) ?? '' }))
      const configuration = settingsOf(url, login)
      const outcome = await runtime.runRules({ rules, configuration, ...ruleLoginOf(user, login) })
      const { denied, writes } = outcome
      return ended(outcome, {
        denied: denied && { error: denied.error, description: denied.reason },
        user: writes.reduce((kept, { kind, metadata }) => merged(kept, kind, metadata), user),
        writes: writes.length,
      })
    },
  }
}

/** What both platforms tell in the same words, and the rest. Nothing of it says whom it was about. */
function ended(
  { accessTokenClaims, idTokenClaims, logs }: PostLoginOutcome | RulesOutcome,
  { denied, user, writes }: Pick<Ended, 'denied' | 'user' | 'writes'>,
): Ended {
  for (const { text } of logs) overhear('log', text)
  if (denied !== null) overhear('reason', denied.description)
  const log = logs.map(({ text }) => JSON.parse(text))
  return { denied, idTokenClaims, accessTokenClaims, user, writes, log }
}

/** As the Management API merges metadata: first level, and null deletes. */
function merged(
  user: StoredUser,
  kind: 'app_metadata' | 'user_metadata',
  changes: Readonly<Record<string, unknown>>,
): StoredUser {
  const all = { ...user[kind], ...changes }
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
  return { ...user, [kind]: kept }
}

function settingsOf(url: string, { settings = {} }: Login): Record<string, string> {
  const all = Object.entries({ ...secretsFor(url), ...settings })
  return Object.fromEntries(all.filter((one): one is [string, string] => one[1] !== undefined))
}

/** The API that a token is for, as Auth0 finds it out and tells Actions alone. */
function audienceOf({ query, body }: Login): string | undefined {
  for (const value of [query?.audience, body?.audience, query?.resource, body?.resource]) {
    const [first] = [value].flat()
    if (typeof first === 'string') return first
  }
  return undefined
}

function eventOf(user: StoredUser, login: Login) {
  const { query = {}, body = {}, protocol = 'oidc-basic-profile' } = login
  const audience = audienceOf(login)
  const prompt = typeof query.prompt === 'string' ? query.prompt.split(' ') : []
  const event = createPostLoginEvent({
    user: profileOf(user) as never,
    request: { query: query as never, body: body as never },
    transaction: { protocol: protocol as never, prompt },
  })
  const { resource_server: _, ...rest } = event
  return audience === undefined ? rest : { ...rest, resource_server: { identifier: audience } }
}

/** A Rule finds no metadata object where there is no metadata. */
function ruleLoginOf(
  user: StoredUser,
  { query = {}, body = {}, protocol = 'oidc-basic-profile' }: Login,
) {
  const { app_metadata, user_metadata, ...profile } = profileOf(user)
  const given = {
    ...profile,
    ...(Object.keys(app_metadata).length > 0 && { app_metadata }),
    ...(Object.keys(user_metadata).length > 0 && { user_metadata }),
  }
  return createRuleLogin({
    user: given,
    context: { protocol, primaryUser: user.user_id, request: { query, body } },
  })
}

function profileOf(user: StoredUser) {
  return { ...user, email: personal.email, identities: user.identities as never }
}
