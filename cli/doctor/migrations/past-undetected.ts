import { type Migration, pastList } from './migration.ts'

/** Why nothing that the doctor reads shows them, and a line each: id, first day, last day, title. */
const rows: Readonly<Record<string, string>> = {
  'the toggle is in no setting that can be read': `
    unwarranted-session-removal 2025-02-11 2025-08-19 Unwarranted Session Removal After Management API User Updates
    unregistered-refresh-scopes 2023-07-12 2024-01-17 Unregistered Scopes in Refresh Tokens Deprecation`,
  'Auth0’s own descriptions of disable_clickjack_protection_headers contradict each other': `
    clickjacking-protection - - Clickjacking Protection for Universal Login changes`,
  'what is left on node16 is found as node-12-and-16': `
    node-16-to-18 - 2023-09-11 Actions Migration from Node.js 16 to Node.js 18`,
  'it is a matter of browsers, networks and people, of which neither a tenant nor code tells': `
    mandatory-sni 2024-10-29 2025-04-29 Mandatory Use of SNI for HTTPS requests
    links-in-tenant-logs 2023-12-07 2024-02-05 Password Reset and Email Verification Links in Tenant Logs Deprecation
    opaque-token-length 2021-10-07 2022-04-12 Opaque Access Token and Authorization Code Fixed Length
    legacy-tls 2021-01-19 2021-05-10 Legacy TLS Deprecation
    samesite-cookies - 2020-02-01 sameSite cookie attribute changes
    google-cloud-messaging 2019-04-11 2019-04-11 Google Cloud Messaging deprecation
    new-ip-addresses - 2017-09-30 New IP addresses for allowlisting
    account-linking-removal 2017-01-03 2017-03-01 Account linking removal
    state-on-redirect-from-rule - 2016-12-06 State parameter required on redirect from rule`,
  'it is about the people who run the tenant, who are in no export': `
    subscription-tickets 2024-06-05 2024-08-05 Remove Subscription Tickets access for Tenant Admins
    application-admin-role 2021-02-01 2021-09-30 Application Admin Dashboard Role deprecation`,
  'Auth0 changed its platform, and a tenant has nothing that shows it': `
    login-transaction-lifetime 2023-09-05 2024-02-21 Reducing Maximum Expiration Time for Login Transactions
    sharepoint-claims-provider 2023-01-31 2023-07-31 Auth0 Claims Provider for SharePoint 2010 / 2013
    legacy-private-cloud 2022-06-13 2023-01-31 Legacy Private Cloud Platform
    log-extensions 2022-05-04 2023-05-02 Log Extensions
    legacy-network-edge 2021-05-05 2021-11-03 Legacy Network Edge Deprecation
    private-cloud-custom-domain 2021-06-17 2021-12-20 Private Cloud Custom Domain Deprecation
    yahoo-api 2020-03-01 2020-03-01 Yahoo API changes
    facebook-social-context 2019-04-30 2019-07-30 Facebook Social Context field deprecation
    facebook-graph-api 2018-08-01 2019-01-08 Facebook Graph API changes
    cdn-provider - 2017-07-12 CDN provider migration in the Europe and Australia environments
    rules-on-token-exchanges - 2017-05-31 Password and refresh token exchange rules migration`,
}

export const undetectedMigrations: readonly Migration[] = Object.entries(rows).flatMap(
  ([undetected, lines]) =>
    lines
      .trim()
      .split('\n')
      .map((line) => migrationOf(line.trim(), undetected)),
)

function migrationOf(line: string, undetected: string): Migration {
  const [id = '', since = '-', until = '-', ...title] = line.split(' ')
  return {
    list: 'past',
    id,
    severity: 'note',
    title: title.join(' '),
    ...(since !== '-' && { since }),
    ...(until !== '-' && { until }),
    why: 'It is in force for every tenant.',
    notAffected: 'See the page of Auth0.',
    detection: [],
    undetected,
    remedy: 'Read the page of Auth0 where something that worked before that day has stopped since.',
    link: pastList,
  }
}
