import { parse, stringify } from 'yaml'

// biome-ignore lint/suspicious/noExplicitAny: a deploy file, whose shape the caller knows
type File = any

/** The kit's tenant.yaml as somebody might have left it after a year. */
export function defects(text: string): string {
  // Quoted: a keyword that stands alone is a comment to YAML.
  const file: File = parse(text)
  spoilActions(file)
  spoilApi(file)
  spoilConnection(file)
  spoilTenant(file)
  return stringify(file)
}

function spoilActions(file: File): void {
  const copy = file.actions.find(({ name }: File) => name === 'copy-metadata')
  copy.code = 'dist/actions/protect-legacy-audience.js'
  copy.secrets.push({ name: 'LEGACY_API_AUDIENCE', value: '##LEGACY_API_AUDIENCE##' })
  const bindings = file.triggers['post-login'] as File[]
  file.triggers['post-login'] = [bindings[2], bindings[1], bindings[0]]
}

function spoilApi(file: File): void {
  const [api] = file.resourceServers
  api.subject_type_authorization.user.policy = 'allow_all'
  file.clientGrants[0].scope.push('authenticate:legacy_users')
}

function spoilConnection(file: File): void {
  const [database] = file.databases
  database.enabled_clients = []
  database.options.import_mode = false
  database.options.customScripts.get_user = 'dist/databases/legacy-users/login.js'
  file.organizations = [
    {
      name: 'acme',
      display_name: 'Acme',
      connections: [{ name: database.name, assign_membership_on_login: false }],
    },
  ]
}

function spoilTenant(file: File): void {
  file.clients.push({
    name: 'Old App',
    app_type: 'native',
    grant_types: ['authorization_code', 'http://auth0.com/oauth/legacy/grant-type/ro'],
    callbacks: ['com.example.old://callback'],
    organization_usage: 'require',
    organization_require_behavior: 'pre_login_prompt',
  })
  file.connections = [
    {
      name: 'staff',
      strategy: 'waad',
      options: { identity_api: 'azure-active-directory-v1.0', ext_groups: true },
    },
  ]
  file.emailTemplates = [
    {
      template: 'reset_email',
      body: './reset_email.html',
      from: 'help@example.com',
      subject: 'New password',
      syntax: 'liquid',
      enabled: true,
    },
  ]
  file.tenant = {
    default_audience: '##LEGACY_API_AUDIENCE##',
    flags: { change_pwd_flow_v1: true, allow_legacy_ro_grant_types: true },
  }
}
