import { connection } from './applications.ts'
import { createUserAgent } from './user-agent.ts'
import type { World } from './world.ts'

/** A tenant, and an application of it that people use. */
interface Place {
  readonly tenant: Pick<World['tenant'], 'issuer'>
  readonly applications: Pick<World['applications'], 'fetch' | 'sample'>
  /** Default: the one that is published. */
  readonly connection?: string
}

/** POST /dbconnections/signup, as a sign-up form calls it. @returns the HTTP status. */
export async function signUp(world: Place, email: string, password: string): Promise<number> {
  const response = await post(world, 'signup', { email, password })
  return response.status
}

/** POST /dbconnections/change_password: the mail lands in the outbox of the stand-in tenant. */
export async function requestPasswordChange(world: Place, email: string): Promise<number> {
  const response = await post(world, 'change_password', { email })
  return response.status
}

/** Opens the link of the mail and sets a new password. */
export async function confirmPasswordChange(
  world: Place,
  url: string,
  password: string,
): Promise<void> {
  const browser = createUserAgent(world.applications.fetch)
  const page = await browser.open(url, 'about:')
  if (page instanceof URL) throw new Error('The link of the mail leads elsewhere.')
  const fields = { password, password_confirmation: password }
  const done = await browser.submit(page, fields, 'about:')
  if (done instanceof URL || done.status !== 200) throw new Error('The password was not changed.')
}

function post(world: Place, path: string, body: Readonly<Record<string, string>>) {
  const client_id = world.applications.sample.clientMetadata().client_id
  return world.applications.fetch(`${world.tenant.issuer}dbconnections/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_id, connection: world.connection ?? connection, ...body }),
  })
}
