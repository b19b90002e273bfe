import { z } from 'zod'
import { isRestrictedClaim } from '../core/restricted-claims.ts'

/**
 * What `migration.config.ts` may say, field by field. The compiler knows the shapes already; here are
 * the limits that a type cannot hold, for those who edit the file without one.
 */

function milliseconds(least: number, most: number) {
  const message = `must be a whole number of milliseconds from ${least} to ${most}`
  return z.int(message).min(least, message).max(most, message).optional()
}

const prefix = z
  .string('must be text; an empty one is allowed')
  .max(100, 'must not be longer than 100 characters')
  .regex(/^[^\s\p{Cc}]*$/u, 'must not hold spaces or control characters')
  .refine(
    (text) => !text.startsWith('auth0|'),
    'must not begin with auth0|: Auth0 adds that itself',
  )

const flag = z.boolean('must be true or false').optional()

const instant = z
  .string('must be a day such as 2026-11-21, or an instant such as 2026-11-21T08:00:00Z')
  .refine(isInstant, 'must be a day such as 2026-11-21, or an instant such as 2026-11-21T08:00:00Z')

function isInstant(text: string): boolean {
  const pattern = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/
  const day = pattern.exec(text)?.[1]
  if (day === undefined || Number.isNaN(Date.parse(text))) return false
  // Date.parse takes the 31st of April for the 1st of May in some notations.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}

const claim = z
  .strictObject({
    name: z
      .string('must be text')
      .regex(/^[A-Za-z][\w/-]*$/, 'must be letters, digits, _, - and /, and begin with a letter')
      .refine((name) => !isRestrictedClaim(name), 'is a name that Auth0 keeps for itself'),
    path: z
      .string('must be text')
      .regex(
        /^(app_metadata|user_metadata)(\.[^.$\s]+)+$/,
        'must be app_metadata.<key> or user_metadata.<key>, deeper keys after further dots',
      )
      .refine(
        (path) => !/\.(__proto__|constructor|prototype)(\.|$)/.test(path),
        'names no metadata',
      ),
    tokens: z
      .array(
        z.enum(['id', 'access'], "must be 'id' or 'access'"),
        "must be a list of 'id', 'access'",
      )
      .min(1, "must name 'id', 'access' or both")
      .refine((tokens) => new Set(tokens).size === tokens.length, 'must name each token once'),
    trustUserMetadata: flag,
  })
  .refine(
    ({ path, tokens, trustUserMetadata }) =>
      !(path.startsWith('user_metadata') && tokens.includes('access')) ||
      trustUserMetadata === true,
    {
      path: ['tokens'],
      message:
        'puts what users edit themselves into an access token: leave out access, or set trustUserMetadata: true',
    },
  )

const percent = 'must be a number from 0 to 100, in percent'
const bytes = 'must be a whole number of bytes from 0 to 50000 (Auth0 fails a login at 100 kB)'

const place = "must be 'first', 'last' or { before: 'name of a bound Action' }"

const carried = z.union(
  [z.literal('all'), z.array(z.string().min(1)).max(100)],
  "must be 'all' or a list of keys",
)

const fields = z.strictObject({
  source: z
    .enum(['legacy-api', 'auth0-tenant'], "must be 'legacy-api' or 'auth0-tenant'")
    .optional(),
  oldTenant: z.strictObject({ appMetadata: carried, userMetadata: carried }).optional(),
  connection: z
    .string('must be the name of a database connection')
    .max(128, 'must not be longer than 128 characters')
    .regex(
      /^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/,
      'must be letters, digits and single hyphens, as Auth0 names connections',
    ),
  idPrefix: prefix,
  acceptedPrefixes: z.array(prefix, 'must be a list of prefixes').max(10).optional(),
  requiresUsername: flag,
  allowMissingMfa: flag,
  rollout: z.number(percent).min(0, percent).max(100, percent).optional(),
  backfill: z.strictObject({
    since: instant,
    leaveBlank: flag,
    budget: milliseconds(100, 8_000),
  }),
  mark: z.strictObject({ budget: milliseconds(100, 8_000) }).optional(),
  // A script is ended after about 20 s, and a login runs it before the Actions.
  scripts: z.strictObject({ budget: milliseconds(500, 15_000) }).optional(),
  clientAuthentication: z
    .enum(['client-secret', 'private-key-jwt'], "must be 'client-secret' or 'private-key-jwt'")
    .optional(),
  bindings: z
    .union(
      [
        z.literal('first'),
        z.literal('last'),
        z.strictObject({ before: z.string().min(1, place) }, place),
      ],
      place,
    )
    .optional(),
  claims: z
    .array(claim, 'must be a list of claims')
    .refine(
      (claims) => new Set(claims.map(({ name }) => name)).size === claims.length,
      'must not hold two claims of one name',
    ),
  claimsBudget: z.int(bytes).min(0, bytes).max(50_000, bytes).optional(),
})

export const configSchema = fields
  .refine(({ source, oldTenant }) => (source === 'auth0-tenant') === (oldTenant !== undefined), {
    path: ['oldTenant'],
    message: "is wanted with source: 'auth0-tenant', and with no other",
  })
  .refine(
    ({ source, clientAuthentication }) =>
      source !== 'auth0-tenant' || clientAuthentication !== 'private-key-jwt',
    {
      path: ['clientAuthentication'],
      message: "cannot be 'private-key-jwt' with an old tenant: its application has a secret",
    },
  )
