/**
 * What Auth0's own checker says of a tenant, where it looks at what the doctor looks at: read from
 * https://github.com/auth0/auth0-checkmate (analyzer/lib, August 2026) and written anew. Its package is
 * on no registry.
 */
// biome-ignore lint/suspicious/noExplicitAny: a tenant, of whatever shape
type Any = any

export interface CheckmateCheck {
  readonly name: string
  /** Whether it reports a FAIL or a WARN. */
  readonly complains: (tenant: Any) => boolean
  /** The finding of ours that looks at the same. */
  readonly ours: string
  /** Why we say otherwise, where we do. */
  readonly because?: string
}

const versionOf = (runtime: string) => Number(/node(\d+)/.exec(runtime)?.[1])
const list = (value: Any): readonly Any[] => value ?? []

export const checkmateChecks: readonly CheckmateCheck[] = [
  {
    name: 'checkRules',
    complains: ({ rules }) => list(rules).some(({ enabled }) => enabled),
    ours: 'rules-and-hooks',
  },
  {
    name: 'checkActionsRuntime',
    complains: ({ actions }) => list(actions).some(({ runtime }) => versionOf(runtime) < 18),
    ours: 'node-12-and-16',
  },
  {
    name: 'checkSandboxVersion',
    complains: ({ tenant }) => Number(tenant?.sandbox_version) < 18,
    ours: 'node-12-and-16',
  },
  {
    name: 'checkDefaultAudience',
    complains: ({ tenant }) => Boolean(tenant?.default_audience),
    ours: 'default-audience',
  },
  {
    name: 'checkEnabledDatabaseCustomization',
    complains: ({ databases }) =>
      list(databases).some(
        ({ options }) => options.enabledDatabaseCustomization && !options.import_mode,
      ),
    ours: 'import-mode-off',
  },
  {
    name: 'checkAPIAuthorizationPolicy',
    complains: ({ resourceServers }) =>
      list(resourceServers).some(
        (api) => api.subject_type_authorization?.user?.policy !== 'require_client_grant',
      ),
    ours: 'legacy-audience-open-to-people',
    because:
      'checkmate asks require_client_grant of every API, and takes deny_all, which is stricter, for open; the doctor looks at the legacy API alone, and wants nobody there',
  },
  {
    name: 'checkEmailProvider',
    complains: ({ emailProvider }) => !emailProvider?.name || !emailProvider.enabled,
    ours: 'email-from-address',
    because:
      'checkmate wants a provider always; the doctor says what is lost without one: a from address, a subject, a template that somebody set',
  },
  {
    name: 'checkPasswordPolicy',
    complains: ({ databases }) =>
      list(databases).some(
        ({ options }) => !['good', 'excellent'].includes(options.passwordPolicy),
      ),
    ours: 'password-policy-above-legacy',
    because:
      'checkmate wants a strict policy; the doctor says whom it will refuse while users bring weaker passwords along',
  },
]
