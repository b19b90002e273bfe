import { createPostLoginEvent } from '../../../actions-testing/event.ts'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { isDenied, limitOf, loginOf, type Mutation, seen, seenBy } from './mutation.ts'

const authentication = 'post-login-authentication-methods.ts'
const saml = 'post-login-saml-methods.ts'

/** Limits of single members of `api`. */
export const apiMutations: readonly Mutation[] = [
  limitOf(
    'setPrimaryUser once in a transaction',
    authentication,
    'if (state.primaryUser !== null) {',
    'if (false) {',
    () =>
      isDenied(
        `for (const id of ['auth0|1', 'auth0|2']) api.authentication.setPrimaryUser(id)`,
        'only once',
      ),
  ),
  limitOf(
    'setPrimaryUser of 128 characters',
    authentication,
    'maxPrimaryUserIdCharacters = 128',
    'maxPrimaryUserIdCharacters = 129',
    () => isDenied(`api.authentication.setPrimaryUser('x'.repeat(129))`, 'at most 128'),
  ),
  limitOf(
    'recordMethod only in onContinuePostLogin',
    authentication,
    "if (handler !== 'onContinuePostLogin') {",
    'if (false) {',
    () => isDenied(`api.authentication.recordMethod('https://app.example/')`, 'only in'),
  ),
  limitOf(
    'refreshToken.revoke only in a refresh token exchange',
    'post-login-denial-methods.ts',
    "login.event.transaction?.protocol !== 'oauth2-refresh-token'",
    'false',
    () => isDenied(`api.refreshToken.revoke('x')`, 'only when the protocol is'),
  ),
  limitOf('100 SAML attributes', saml, 'maxAttributes = 100', 'maxAttributes = 101', () =>
    isDenied(
      `for (let n = 0; n <= 100; n += 1) api.samlResponse.setAttribute('a' + n, 1)`,
      'exceeds 100 attributes',
    ),
  ),
  limitOf(
    'a SAML value of 2 kB',
    saml,
    'maxAttributeValueBytes = 2_000',
    'maxAttributeValueBytes = 2_048',
    () => isDenied(`api.samlResponse.setAttribute('a', 'x'.repeat(2_000))`, 'exceeds 2 kB'),
  ),
  ...(
    [
      [
        'a SAML attribute name of 1 kB',
        'maxAttributeNameBytes = 1_000',
        '1_024',
        `setAttribute('n'.repeat(1_001), 1)`,
      ],
      [
        'a SAML audience of 2 kB',
        'maxAddressBytes = 2_000',
        '2_048',
        `setAudience('a'.repeat(2_001))`,
      ],
      [
        'a SAML format of 0.5 kB',
        'maxFormatBytes = 500',
        '512',
        `setNameIdentifierFormat('a'.repeat(501))`,
      ],
      ['10 SAML probes', 'maxProbes = 10', '11', `setNameIdentifierProbes(Array(11).fill('a'))`],
      [
        'a SAML certificate of 4 kB',
        'maxCertificateBytes = 4_000',
        '4_096',
        `setCert('a'.repeat(4_001))`,
      ],
    ] as const
  ).map(([limit, find, more, call]) =>
    limitOf(limit, saml, find, find.replace(/[\d_]+$/, more), () =>
      isDenied(`api.samlResponse.${call}`, 'at most'),
    ),
  ),
  limitOf(
    'SAML attributes of 10 kB in all',
    saml,
    'maxAttributesBytes = 10_000',
    'maxAttributesBytes = 10_240',
    () =>
      isDenied(
        `for (const name of 'abcdef') api.samlResponse.setAttribute(name, 'v'.repeat(1_670))`,
        '10 kB in all',
      ),
  ),
  limitOf(
    '100 role ids',
    'post-login-directory-methods.ts',
    'listOf(text, 100)',
    'listOf(text, 101)',
    () =>
      isDenied(`await api.roles.getUserEffectiveRolesByIds(Array(101).fill('a'))`, 'at most 100'),
  ),
  limitOf(
    '50 role names',
    'post-login-directory-methods.ts',
    'listOf(text, 50)',
    'listOf(text, 51)',
    () =>
      isDenied(`await api.roles.getUserEffectiveRolesByNames(Array(51).fill('a'))`, 'at most 50'),
  ),
  limitOf(
    'target scopes are ignored in SAML',
    'target-scope-methods.ts',
    'if (ignoring.includes(protocol)) return',
    '',
    async () => {
      const transaction = { protocol: 'samlp' } as const
      const { targetScopes } = await loginOf([`api.transaction.clearTargetScopes()`], {
        transaction,
      })
      return targetScopes === null
    },
  ),
  limitOf(
    'target scopes accumulate from Action to Action',
    'post-login-flow.ts',
    'targetScopes ?? transaction.target_scopes ??',
    'transaction.target_scopes ??',
    async () => {
      const first = `api.transaction.setTargetScopes(['a'])`
      const { idTokenClaims } = await loginOf([first, seen('event.transaction.target_scopes')])
      return String(idTokenClaims.seen) === 'a'
    },
  ),
  limitOf(
    'roles in pages of at most 100',
    'post-login-directory-methods.ts',
    'maxTake = 100',
    'maxTake = 101',
    async () => {
      const runtime = createInProcessRuntime()
      const code = `exports.onExecutePostLogin = async (event, api) => { await api.roles.getUserEffectiveRoles({ take: 101 }) }`
      const actions = [{ name: 'roles', secrets: {}, code }]
      const run = { actions, event: createPostLoginEvent(), directory: { roles: [] } }
      return (await runtime.runPostLogin(run)).denied !== null
    },
  ),
  limitOf(
    'target scopes show at once',
    'target-scope-methods.ts',
    'Object.assign(event.transaction, { target_scopes: scopes })',
    'Object.assign({}, { target_scopes: scopes })',
    async () => {
      const now = seen('event.transaction.target_scopes')
      return String(await seenBy(`api.transaction.setTargetScopes(['a']); ${now}`)) === 'a'
    },
  ),
]
