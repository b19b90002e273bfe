import { z } from 'zod'
import type { Json } from '../state.ts'
import { metadataProblem } from '../users/metadata.ts'
import type { JobError } from './job.ts'

const encodings = ['ascii', 'utf8', 'utf16le', 'ucs2', 'latin1', 'binary'] as const

const algorithms = [
  ...(['argon2', 'bcrypt', 'hmac', 'ldap', 'md4', 'md5'] as const),
  ...(['sha1', 'sha256', 'sha512', 'pbkdf2', 'scrypt'] as const),
] as const

const customHash = z.strictObject({
  algorithm: z.enum(algorithms),
  hash: z.strictObject({
    value: z.string(),
    encoding: z.enum(['base64', 'hex', 'utf8']).optional(),
    digest: z.string().optional(),
    key: z
      .strictObject({ value: z.string(), encoding: z.enum(['base64', 'hex', 'utf8']).optional() })
      .optional(),
  }),
  salt: z
    .strictObject({
      value: z.string(),
      encoding: z.enum(['base64', 'hex', 'utf8']).optional(),
      position: z.enum(['prefix', 'suffix']).optional(),
    })
    .optional(),
  password: z.strictObject({ encoding: z.enum(encodings).optional() }).optional(),
  keylen: z.int().positive().optional(),
  cost: z.int().positive().optional(),
  blockSize: z.int().positive().optional(),
  parallelization: z.int().positive().optional(),
})

const factor = z
  .strictObject({
    totp: z.strictObject({ secret: z.string().regex(/^[A-Z2-7]+$/) }).optional(),
    phone: z.strictObject({ value: z.string().regex(/^\+[0-9]{1,15}$/) }).optional(),
    email: z.strictObject({ value: z.email() }).optional(),
  })
  .refine((kinds) => Object.keys(kinds).length === 1, 'exactly one factor')

/** @see https://auth0.com/docs/manage-users/user-migration/bulk-user-import-schema */
const schema = z
  .strictObject({
    email: z.email(),
    email_verified: z.boolean().optional(),
    phone_number: z
      .string()
      .regex(/^\+[0-9]{1,15}$/)
      .optional(),
    phone_verified: z.boolean().optional(),
    user_id: z.string().min(1).optional(),
    username: z.string().min(1).optional(),
    given_name: z.string().optional(),
    family_name: z.string().optional(),
    name: z.string().optional(),
    nickname: z.string().optional(),
    picture: z.string().optional(),
    blocked: z.boolean().optional(),
    password_hash: z
      .string()
      .regex(/^\$2[ab]\$10\$[./A-Za-z0-9]{53}$/)
      .optional(),
    custom_password_hash: customHash.optional(),
    app_metadata: z.record(z.string(), z.unknown()).optional(),
    user_metadata: z.record(z.string(), z.unknown()).optional(),
    mfa_factors: z.array(factor).min(1).max(10).optional(),
  })
  .refine(
    (user) => user.password_hash === undefined || user.custom_password_hash === undefined,
    'password_hash and custom_password_hash exclude each other',
  )

/** A row of an import file that is a user as the schema has it. */
export type ImportUser = z.infer<typeof schema>

export type CheckedRow =
  | { readonly type: 'good'; readonly user: ImportUser }
  | { readonly type: 'wrong'; readonly errors: readonly JobError[] }

/**
 * Which codes go with which mistake is not documented: Auth0 lists the names alone (assumption
 * `codes-of-an-import-by-mistake`).
 */
export function checkRow(row: Json): CheckedRow {
  const { data, error } = schema.safeParse(row, { reportInput: true })
  if (error !== undefined) return { type: 'wrong', errors: error.issues.map(errorOf) }
  for (const kind of ['app_metadata', 'user_metadata'] as const) {
    const problem = data[kind] === undefined ? null : metadataProblem(kind, data[kind])
    if (problem === null) continue
    return { type: 'wrong', errors: [{ code: 'NOT_PASSED', message: problem, path: kind }] }
  }
  return { type: 'good', user: data }
}

function errorOf(issue: z.core.$ZodIssue): JobError {
  const path = issue.path.map(String).join('.')
  const named = path === '' ? {} : { path }
  // Names the member; the value it has is a person's.
  return { code: codeOf(issue), message: `Error in ${path || 'user'} property`, ...named }
}

function codeOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'OBJECT_REQUIRED' : 'INVALID_TYPE'
    case 'invalid_format':
      return issue.format === 'email' ? 'FORMAT' : 'PATTERN'
    case 'invalid_value':
      return 'ENUM_MISMATCH'
    case 'too_small':
      return sizeCode(issue.origin, ['MIN_LENGTH', 'ARRAY_LENGTH_SHORT', 'MINIMUM'])
    case 'too_big':
      return sizeCode(issue.origin, ['MAX_LENGTH', 'ARRAY_LENGTH_LONG', 'MAXIMUM'])
    default:
      return 'NOT_PASSED'
  }
}

function sizeCode(origin: string, [text, list, number]: readonly [string, string, string]) {
  if (origin === 'string') return text
  return origin === 'array' ? list : number
}
