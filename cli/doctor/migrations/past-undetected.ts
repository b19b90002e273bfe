import { type Migration, pastList } from './migration.ts'

type Row = readonly [
  id: string,
  title: string,
  since: string | undefined,
  until: string | undefined,
  anchor: string,
]

const toggle = 'the toggle is in no setting that can be read'
const callers = 'it is a matter of what calls Auth0, not of the tenant'
const people = 'it is about the people who run the tenant, who are in no export'
const platform = 'Auth0 changed its platform; a tenant has nothing that shows it'

/** By the reason why nothing that the doctor reads shows them. */
const rows: Readonly<Record<string, readonly Row[]>> = {
  [toggle]: [
    [
      'unwarranted-session-removal',
      'Unwarranted Session Removal After Management API User Updates',
      '2025-02-11',
      '2025-08-19',
      '#unwarranted-session-removal-after-management-api-user-updates',
    ],
    [
      'unregistered-refresh-scopes',
      'Unregistered Scopes in Refresh Tokens Deprecation',
      '2023-07-12',
      '2024-01-17',
      '#unregistered-scopes-in-refresh-tokens-deprecation',
    ],
  ],
  [callers]: [
    ['mandatory-sni', 'Mandatory Use of SNI for HTTPS requests', '2024-10-29', '2025-04-29', ''],
    [
      'links-in-tenant-logs',
      'Password Reset and Email Verification Links in Tenant Logs Deprecation',
      '2023-12-07',
      '2024-02-05',
      '#password-reset-and-email-verification-links-in-tenant-logs-deprecation',
    ],
    [
      'retired-sdks',
      'auth0-cordova, angular-auth0, and express-oauth2-bearer Repo Deprecations',
      '2023-04-27',
      '2023-10-27',
      '#auth0-cordova-angular-auth0-and-express-oauth2-bearer-repo-deprecations',
    ],
    [
      'edge-js',
      'Support for edge.js in Extensibility Features',
      '2022-12-21',
      '2023-06-21',
      '/migrate-from-edge-js-extensibility-features',
    ],
    [
      'oracledb',
      'Support for oracledb in Extensibility Features',
      '2022-12-21',
      '2023-06-21',
      '/migrate-from-oracledb-extensibility-features',
    ],
    [
      'role-users-pagination',
      'Checkpoint Pagination on Get Role Users Endpoint',
      '2022-11-09',
      '2023-05-09',
      '#checkpoint-pagination-on-get-role-users-endpoint',
    ],
    [
      'opaque-token-length',
      'Opaque Access Token and Authorization Code Fixed Length',
      '2021-10-07',
      '2022-04-12',
      '#opaque-access-token-and-authorization-code-fixed-length',
    ],
    ['legacy-tls', 'Legacy TLS Deprecation', '2021-01-19', '2021-05-10', '#legacy-tls-deprecation'],
    [
      'auth0-analytics',
      'Auth0-analytics.js deprecation',
      '2018-01-01',
      '2021-01-01',
      '#auth0-analytics-js-deprecation',
    ],
    [
      'device-credentials-user-id',
      'Device credential metadata without user_id deprecation',
      '2020-08-31',
      '2020-12-17',
      '#device-credential-metadata-without-user-id-deprecation',
    ],
    [
      'samesite-cookies',
      'sameSite cookie attribute changes',
      undefined,
      '2020-02-01',
      '#samesite-cookie-attribute-changes',
    ],
    [
      'management-api-v1',
      'Management API v1 deprecation',
      '2016-10-01',
      '2020-07-13',
      '#management-api-v1-deprecation',
    ],
    [
      'google-cloud-messaging',
      'Google Cloud Messaging deprecation',
      '2019-04-11',
      '2019-04-11',
      '/google-firebase-migration',
    ],
    [
      'new-ip-addresses',
      'New IP addresses for allowlisting',
      undefined,
      '2017-09-30',
      '#allowlist-ip-address-ranges',
    ],
    [
      'account-linking-removal',
      'Account linking removal',
      '2017-01-03',
      '2017-03-01',
      '#account-linking-removal',
    ],
    [
      'state-on-redirect-from-rule',
      'State parameter required on redirect from rule',
      undefined,
      '2016-12-06',
      '#state-parameter-required-on-redirect-from-rule',
    ],
  ],
  [people]: [
    [
      'subscription-tickets',
      'Remove Subscription Tickets access for Tenant Admins',
      '2024-06-05',
      '2024-08-05',
      '#remove-subscription-tickets-access-for-tenant-admins',
    ],
    [
      'application-admin-role',
      'Application Admin Dashboard Role deprecation',
      '2021-02-01',
      '2021-09-30',
      '/migrate-tenant-member-roles',
    ],
  ],
  [platform]: [
    [
      'login-transaction-lifetime',
      'Reducing Maximum Expiration Time for Login Transactions',
      '2023-09-05',
      '2024-02-21',
      '/migrate-to-1-hour-expiration',
    ],
    [
      'node-16-to-18',
      'Actions Migration from Node.js 16 to Node.js 18',
      undefined,
      '2023-09-11',
      '/migrate-nodejs-16-to-nodejs-18',
    ],
    ['node-12-to-16', 'Node.js 16 Migration', undefined, '2022-04-30', '/migrate-to-nodejs-16'],
    [
      'sharepoint-claims-provider',
      'Auth0 Claims Provider for SharePoint 2010 / 2013',
      '2023-01-31',
      '2023-07-31',
      '#auth0-claims-provider-for-sharepoint-2010-%2F-2013',
    ],
    [
      'legacy-private-cloud',
      'Legacy Private Cloud Platform',
      '2022-06-13',
      '2023-01-31',
      '#legacy-private-cloud-platform',
    ],
    [
      'log-extensions',
      'Log Extensions',
      '2022-05-04',
      '2023-05-02',
      '/migrate-from-log-extensions',
    ],
    [
      'legacy-network-edge',
      'Legacy Network Edge Deprecation',
      '2021-05-05',
      '2021-11-03',
      '#legacy-network-edge-deprecation',
    ],
    [
      'private-cloud-custom-domain',
      'Private Cloud Custom Domain Deprecation',
      '2021-06-17',
      '2021-12-20',
      '#private-cloud-custom-domain-deprecation',
    ],
    ['yahoo-api', 'Yahoo API changes', '2020-03-01', '2020-03-01', '/yahoo-api-changes'],
    [
      'facebook-social-context',
      'Facebook Social Context field deprecation',
      '2019-04-30',
      '2019-07-30',
      '/facebook-social-context-field-deprecation',
    ],
    [
      'facebook-graph-api',
      'Facebook Graph API changes',
      '2018-08-01',
      '2019-01-08',
      '/facebook-graph-api-changes',
    ],
    [
      'cdn-provider',
      'CDN provider migration in the Europe and Australia environments',
      undefined,
      '2017-07-12',
      '#cdn-provider-migration-in-the-europe-and-australia-environments',
    ],
    [
      'rules-on-token-exchanges',
      'Password and refresh token exchange rules migration',
      undefined,
      '2017-05-31',
      '#password-and-refresh-token-exchange-rules-migration',
    ],
  ],
}

export const undetectedMigrations: readonly Migration[] = Object.entries(rows).flatMap(
  ([undetected, list]) => list.map((row) => migrationOf(row, undetected)),
)

function migrationOf([id, title, since, until, anchor]: Row, undetected: string): Migration {
  return {
    list: 'past',
    id,
    severity: 'note',
    title,
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    why: 'It is in force for every tenant.',
    notAffected: 'See the page of Auth0.',
    detection: [],
    undetected,
    remedy: 'Read the page of Auth0 where something that worked before that day has stopped since.',
    link: pastList + anchor,
  }
}
