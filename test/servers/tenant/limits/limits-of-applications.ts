import type { Row } from './limits.ts'

const login = 'authentication/'
const hints = 'OIDC logout: hints that do not agree, or are not the tenant’s, are refused'

/** Of what applications may ask for, and where they are answered. */
export const limitsOfApplications: readonly Row[] = [
  [
    `${login}registered-urls.ts`,
    ' && label.test(found)',
    '',
    `${login}registered-urls.test.ts`,
    'registered URLs: whatever a star or a name stands for is one level of the registered domain',
  ],
  [
    `${login}registered-urls.ts`,
    ' && isHostOf(url, found)',
    '',
    `${login}registered-urls.test.ts`,
    'registered URLs: a star stands for no URL with punycode of nothing',
  ],
  [
    `${login}authorization-request.ts`,
    ' || !isRegistered(callbacks, redirectUri, organizationName)',
    '',
    `${login}placeholders.test.ts`,
    'authorize: a callback that no star stands for is told to the person and redirected nowhere',
  ],
  [
    `${login}logout.ts`,
    ' && isRegistered(addresses, target, null)',
    '',
    `${login}placeholders.test.ts`,
    'logout: a star in an address stands for one subdomain, and a name for nothing',
  ],
  [
    `${login}oidc-logout.ts`,
    ' || !isRegistered(allowed, wanted, null)',
    '',
    `${login}oidc-logout.test.ts`,
    'OIDC logout: where it may not lead, nothing ends',
  ],
  [
    `${login}oidc-logout.ts`,
    'hint.sessionId !== session.id',
    'false',
    `${login}oidc-logout.test.ts`,
    'OIDC logout: without a hint, or with that of another session, a person is asked',
  ],
  [
    `${login}id-token-hint.ts`,
    'await verify(tenant, client, token)',
    'decodeJwt(token)',
    `${login}oidc-logout.test.ts`,
    hints,
  ],
  [
    `${login}cross-origin.ts`,
    'isAllowed(tenant, origin) ? origin : null',
    'origin',
    `${login}cross-origin.test.ts`,
    'CORS: an origin of nobody reads nothing',
  ],
  [
    `${login}authorization-request.ts`,
    'if (isRegistered(originsOf(client.web_origins), origin, null)) return',
    'return',
    `${login}response-modes.test.ts`,
    'response_mode=web_message: of an application that names another nobody is told',
  ],
  [
    'pages/respond.ts',
    ".replaceAll('<', '\\\\u003c')",
    '',
    `${login}response-modes.test.ts`,
    'response_mode=web_message: no state ends the script',
  ],
  [
    `${login}verifiable-callback.ts`,
    '|| isVerifiable(redirectUri)',
    '|| true',
    `${login}session.test.ts`,
    'session: whether a silent login may end at http://localhost:3000/callback: false',
  ],
  [
    `${login}authorize.ts`,
    'maxAge > 0 && ',
    '',
    `${login}session.test.ts`,
    'session: max_age=0 asks for the password, however young the session is',
  ],
  [
    `${login}requirements.ts`,
    'client.require_proof_of_possession === true',
    'false',
    `${login}requirements.test.ts`,
    'token: an application that requires proof of possession gets no tokens without',
  ],
  [
    'signing-keys.ts',
    "alg === 'PS256' || alg === 'RS512' ? alg : 'RS256'",
    "'RS256'",
    `${login}signing-algorithms.test.ts`,
    'signing: an API with PS256 has tokens of it',
  ],
  [
    `${login}issue-tokens.ts`,
    "apiSignature(api).alg === 'RS256'",
    'true',
    `${login}signing-algorithms.test.ts`,
    'signing: a token is for /userinfo too where the API has RS256, and nowhere else',
  ],
]
