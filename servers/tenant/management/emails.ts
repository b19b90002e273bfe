import { collectionOf } from '../collection.ts'
import type { JsonObject, Tenant } from '../state.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { invalidBody, ManagementError } from './management-error.ts'
import { withFields } from './paging.ts'
import { type BodyShape, isObject, readBody, textOf, withoutNulls } from './request-body.ts'

const providerShape: BodyShape = {
  members: {
    credentials: 'object',
    default_from_address: 'string',
    enabled: 'boolean',
    name: [
      ...['azure_cs', 'custom', 'mailgun', 'mandrill', 'ms365', 'resend', 'sendgrid', 'ses'],
      ...['smtp', 'sparkpost'],
    ],
    settings: 'object',
  },
  nullable: ['settings'],
}

const changedTemplate: BodyShape = {
  members: {
    body: 'string',
    enabled: 'boolean',
    from: 'string',
    includeEmailInRedirect: 'boolean',
    resultUrl: 'string',
    subject: 'string',
    syntax: 'string',
    template: 'string',
    urlLifetimeInSeconds: 'integer',
  },
  nullable: ['body', 'enabled', 'from', 'resultUrl', 'subject', 'syntax', 'urlLifetimeInSeconds'],
}

const templateNames = [
  'async_approval',
  'auth_email_by_code',
  'blocked_account',
  'change_password',
  'enrollment_email',
  'mfa_oob_code',
  'password_reset',
  'reset_email',
  'reset_email_by_code',
  'stolen_credentials',
  'user_invitation',
  'verify_email',
  'verify_email_by_code',
  'welcome_email',
]

/** No mail is ever sent: these are kept for deploy-cli, which publishes them. */
export function addEmailEndpoints(add: AddEndpoint, tenant: Tenant): void {
  addProviderEndpoints(add, collectionOf(tenant, 'email-provider'))
  addTemplateEndpoints(add, collectionOf(tenant, 'email-templates'))
}

function addProviderEndpoints(add: AddEndpoint, providers: Map<string, JsonObject>): void {
  const path = '/emails/provider'
  add('GET', path, 'read:email_provider', (c) => c.json(withFields(c, show(providerOf(providers)))))
  add('POST', path, 'create:email_provider', async (c) => {
    const required = ['credentials', 'name']
    const body = withoutNulls(await readBody(c, { ...providerShape, required }))
    if (providers.size > 0) {
      const message = `An email provider is already configured: ${providerOf(providers).name}`
      throw new ManagementError(409, message, 'email_provider_conflict')
    }
    providers.set('provider', { enabled: true, ...body })
    return c.json(show(providerOf(providers)), 201)
  })
  add('PATCH', path, 'update:email_provider', async (c) => {
    const body = await readBody(c, providerShape)
    providers.set('provider', withoutNulls({ ...providerOf(providers), ...body }))
    return c.json(show(providerOf(providers)))
  })
  add('DELETE', path, 'delete:email_provider', (c) => {
    providers.clear()
    return c.body(null, 204)
  })
}

function addTemplateEndpoints(add: AddEndpoint, templates: Map<string, JsonObject>): void {
  const path = '/email-templates/:name'
  add('GET', path, 'read:email_templates', (c) => c.json(templateOf(templates, segment(c, 'name'))))
  add('POST', '/email-templates', 'create:email_templates', async (c) => {
    const body = await readBody(c, { ...changedTemplate, required: ['template'] })
    const name = textOf(body, 'template') ?? ''
    if (!templateNames.includes(name)) throw invalidBody("'No enum match' on property template")
    if (templates.has(name)) {
      throw new ManagementError(409, 'The template exists already.', 'email_template_conflict')
    }
    templates.set(name, withoutNulls(body))
    return c.json(templateOf(templates, name))
  })
  add('PUT', path, 'update:email_templates', async (c) => {
    const body = await readBody(c, { ...changedTemplate, required: ['template'] })
    const template = segment(c, 'name')
    templateOf(templates, template)
    templates.set(template, { ...withoutNulls(body), template })
    return c.json(templateOf(templates, template))
  })
  add('PATCH', path, 'update:email_templates', async (c) => {
    const body = await readBody(c, changedTemplate)
    const template = segment(c, 'name')
    templates.set(template, withoutNulls({ ...templateOf(templates, template), ...body, template }))
    return c.json(templateOf(templates, template))
  })
}

/** @throws {ManagementError} 404. */
function providerOf(providers: Map<string, JsonObject>): JsonObject {
  const provider = providers.get('provider')
  if (provider !== undefined) return provider
  const message = 'There is not a configured email provider'
  throw new ManagementError(404, message, 'inexistent_email_provider')
}

/** Of the credentials only what is no secret: where the provider is, never how to be let in. */
function show(provider: JsonObject): JsonObject {
  const credentials = isObject(provider.credentials) ? provider.credentials : {}
  const open = ['region', 'smtp_host', 'smtp_port']
  return {
    ...provider,
    credentials: Object.fromEntries(
      Object.entries(credentials).filter(([name]) => open.includes(name)),
    ),
  }
}

/** @throws {ManagementError} 404. */
function templateOf(templates: Map<string, JsonObject>, name: string): JsonObject {
  const template = templates.get(name)
  if (template !== undefined) return template
  throw new ManagementError(404, 'The template does not exist.', 'inexistent_email_template')
}
