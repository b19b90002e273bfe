import type {
  AuthorizationCode,
  LoginTransaction,
  PasswordTicket,
  RefreshToken,
  Session,
  SuspendedLogin,
  UserinfoGrant,
} from './authentication/login-state.ts'
import type { Job, JobConduct, JobLink } from './jobs/job.ts'
import type { JsonObject } from './state.ts'
import type { FailedLogins } from './users/brute-force-protection.ts'
import type { LoginBucket } from './users/same-user-limit.ts'

/** No mail is sent: it lands in `Activity.outbox`, where tests and the demo read it, and in `onMail`. */
export interface Mail {
  readonly to: string
  readonly kind: 'change_password'
  readonly url: string
}

/**
 * A tenant log, less what names a person.
 *
 * @see https://auth0.com/docs/deploy-monitor/logs/log-event-type-codes
 */
export interface TenantLog {
  /** ISO 8601. */
  readonly date: string
  readonly type: string
  readonly client_id?: string
  readonly connection_id?: string
  readonly user_id?: string
  readonly description?: string
  /** Of some types: `request`, `limit`, `feature`, … */
  readonly details?: JsonObject
}

/** One write to the profile of a user. */
export interface ProfileWrite {
  readonly user_id: string
  /** `actions` is the one batched write at the end of a login's trigger. */
  readonly by: 'actions' | 'import' | 'management-api' | 'password-reset' | 'rules' | 'sign-up'
}

/** A migration that waits for the next login: its user confirmed a password reset first. */
export interface PendingImport {
  readonly profile: Readonly<Record<string, unknown>>
  readonly passwordHash: string
}

/** What happens at run time, as against what is configured. What of it is kept, `state-file.ts` says. */
export interface Activity {
  readonly outbox: Mail[]
  readonly logs: TenantLog[]
  readonly profileWrites: ProfileWrite[]
  /** Set it to model a browser that is closed in the middle of a first login: see `importUser`. */
  interruptImport: (userId: string) => boolean
  /** By digest of the secret in all maps of secrets. */
  readonly sessions: Map<string, Session>
  readonly transactions: Map<string, LoginTransaction>
  readonly suspendedLogins: Map<string, SuspendedLogin>
  readonly codes: Map<string, AuthorizationCode>
  readonly refreshTokens: Map<string, RefreshToken>
  readonly userinfoGrants: Map<string, UserinfoGrant>
  readonly passwordTickets: Map<string, PasswordTicket>
  /** When a used assertion of an application ends, by digest of both names. */
  readonly usedAssertions: Map<string, number>
  /** By connection id, a line feed and the user's id in the legacy store. */
  readonly pendingImports: Map<string, PendingImport>
  /** By connection id, identifier and address. */
  readonly failedLogins: Map<string, FailedLogins>
  readonly loginBuckets: Map<string, LoginBucket>
  /** Import and export jobs of the last 24 hours. */
  readonly jobs: Map<string, Job>
  readonly jobLinks: Map<string, JobLink>
  readonly jobCount: { imports: number }
  /** Set it to model slow or broken import jobs; the first is 0, and null is as usual. */
  conductJob: (job: number) => JobConduct | null
  /** Milliseconds in which GET /users does not find whom a job has imported; Auth0 says some seconds. */
  searchDelay: number
  /** By user id: from when on GET /users finds the user. */
  readonly unsearchable: Map<string, number>
}

export function createActivity(): Activity {
  return {
    outbox: [],
    logs: [],
    profileWrites: [],
    interruptImport: () => false,
    sessions: new Map(),
    transactions: new Map(),
    suspendedLogins: new Map(),
    codes: new Map(),
    refreshTokens: new Map(),
    userinfoGrants: new Map(),
    passwordTickets: new Map(),
    usedAssertions: new Map(),
    pendingImports: new Map(),
    failedLogins: new Map(),
    loginBuckets: new Map(),
    jobs: new Map(),
    jobLinks: new Map(),
    jobCount: { imports: 0 },
    conductJob: () => null,
    searchDelay: 2_000,
    unsearchable: new Map(),
  }
}
