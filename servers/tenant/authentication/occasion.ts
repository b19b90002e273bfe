import type { Context } from 'hono'
import type { Client, Tenant } from '../state.ts'
import type { Occasion } from '../users/user-triggers.ts'
import { eventRequest } from './event-request.ts'
import type { OpenPage } from './open-page.ts'
import { clientOf, transactionOf } from './post-login-event.ts'

type Body = Readonly<Record<string, unknown>>

/** What Actions are told of a request that makes a user or changes a password. */
export function occasionOf(
  c: Context,
  tenant: Tenant,
  body: Body,
  client?: Client,
): Omit<Occasion, 'transaction'> {
  const { query: _, ...request } = eventRequest(c, tenant, { body })
  if (client === undefined) return { request }
  const { client_id, metadata, name } = clientOf(client)
  return { request, client: { client_id, metadata, name } }
}

/** As `occasionOf`, on a page of a login that is under way. */
export function pageOccasionOf(
  c: Context,
  tenant: Tenant,
  body: Body,
  { client, transaction }: OpenPage,
): Occasion {
  const occasion = occasionOf(c, tenant, body, client)
  const { id: _, ...shown } = transactionOf({
    authorization: transaction.request,
    protocol: 'oidc-basic-profile',
    request: { ...occasion.request, query: {} },
    requestedScopes: transaction.request.scopes,
    transactionId: transaction.id,
  })
  return { ...occasion, transaction: shown }
}
