import { type Migration, pastList } from './migration.ts'

/**
 * The six of the page of 2016, with the severity and the dates that it gave.
 * https://github.com/auth0/docs/blob/master/articles/migrations/index.md, as of autumn 2016
 */
export const migrationsOf2016: readonly Migration[] = [
  {
    list: '2016',
    id: 'delete-all-users-endpoint',
    severity: 'error',
    saidSeverity: 'Low',
    title: 'Delete all users endpoint change',
    until: '2016-09-13',
    why: 'DELETE /api/v2/users used to delete every user of the tenant. The call has failed since; an id lost from the path of a single deletion must not become it again.',
    notAffected: 'Whoever never deletes all users at once.',
    detection: ['code'],
    remedy: 'Delete users one by one, by DELETE /api/v2/users/{id}, and refuse an empty id.',
    link: `${pastList}#delete-all-users-endpoint-change`,
  },
  {
    list: '2016',
    id: 'idp-access-tokens',
    severity: 'error',
    saidSeverity: 'Medium',
    title: 'Identity provider access tokens removed from user profile and ID token',
    since: '2016-07-11',
    until: '2016-08-08',
    superseded: [{ date: '2016-08-18', what: 'mandatory opt-in, on the page of 2016' }],
    why: 'identities[].access_token is in no profile and no ID token. Rules were excepted; Actions are not, so that a Rule that became an Action has lost it.',
    notAffected:
      'Whoever calls no API of an identity provider by a user’s token, and tenants created after the change.',
    detection: ['code'],
    remedy:
      'Ask GET /api/v2/users/{id} for it, from a server, with a token that has read:user_idp_tokens.',
    link: `${pastList}#identity-provider-access-tokens-removed-from-user-profile-and-id-token`,
  },
  {
    list: '2016',
    id: 'tokeninfo-validation',
    severity: 'warning',
    saidSeverity: 'Low',
    title: 'Tokeninfo endpoint validation',
    until: '2016-06-01',
    why: 'POST /tokeninfo answers 400 where iss of the ID token is not the URL it was called by: with a custom domain, that is often so. The endpoint itself is a legacy one.',
    notAffected: 'Whoever does not call /tokeninfo; a tenant where it is off.',
    detection: ['code', 'settings'],
    remedy:
      'Verify ID tokens where they are used, by the tenant’s JWKS, or ask /userinfo; then turn allow_legacy_tokeninfo_endpoint off.',
    link: `${pastList}#tokeninfo-endpoint-validation`,
  },
  {
    list: '2016',
    id: 'email-from-address',
    severity: 'warning',
    saidSeverity: 'Medium',
    title: 'Email delivery from address changes',
    since: '2016-04-20',
    until: '2016-04-27',
    superseded: [
      { date: '2016-04-04', what: 'grace period start of both email changes, when they were one' },
      { date: '2016-05-11', what: 'mandatory opt-in of both email changes, when they were one' },
    ],
    why: 'Auth0’s built-in provider sends every mail from no-reply@auth0user.net, whatever the template says.',
    notAffected: 'Tenants with an email provider of their own; Private Cloud (Auth0 Cloud only).',
    detection: ['settings'],
    remedy: 'Set up an email provider of your own.',
    link: `${pastList}#email-delivery-from-address-changes`,
  },
  {
    list: '2016',
    id: 'email-template-customization',
    severity: 'warning',
    saidSeverity: 'Medium',
    title: 'Email delivery template customization changes',
    since: '2016-07-21',
    until: '2016-08-29',
    superseded: [
      { date: '2016-04-04', what: 'grace period start of both email changes, when they were one' },
      { date: '2016-05-11', what: 'mandatory opt-in of both email changes, when they were one' },
    ],
    why: 'Auth0’s built-in provider is for tests: it sends its own template and its own subject, not those of the tenant.',
    notAffected: 'Tenants with an email provider of their own; Private Cloud (Auth0 Cloud only).',
    detection: ['settings'],
    remedy: 'Set up an email provider of your own.',
    link: `${pastList}#email-delivery-template-customization-changes`,
  },
  {
    list: '2016',
    id: 'vulnerable-password-flow',
    severity: 'error',
    saidSeverity: 'Medium',
    title: 'Vulnerable password flow',
    since: '2016-03-22',
    until: '2017-02-01',
    superseded: [{ date: 'TBD', what: 'mandatory opt-in, on the page of 2016' }],
    why: 'The old reset mails a link that confirms a password somebody typed before: a stranger asks, the user clicks, and the stranger knows the password. Lock before 9 uses it, and so does anybody who calls /dbconnections/change_password with a password.',
    notAffected: 'Tenants where change_pwd_flow_v1 is off or absent.',
    detection: ['code', 'settings'],
    remedy:
      'Turn change_pwd_flow_v1 off, use Lock 9 or later (better: Universal Login), and leave password out of the call.',
    link: `${pastList}#vulnerable-password-flow`,
  },
]
