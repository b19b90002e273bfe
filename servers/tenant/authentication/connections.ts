import type { Client, Connection, Tenant } from '../state.ts'

/** Database connections that the application may log in with, in the order they were made. */
export function databasesOf({ state }: Tenant, client: Client): readonly Connection[] {
  return [...state.connections.values()].filter(
    (connection) => connection.strategy === 'auth0' && isEnabled(connection, client),
  )
}

/** @returns The connection of that name when the application may use it, else null. */
export function databaseNamed(tenant: Tenant, client: Client, name: string): Connection | null {
  return databasesOf(tenant, client).find((connection) => connection.name === name) ?? null
}

export function isEnabled(connection: Connection, client: Client): boolean {
  return connection.enabled_clients.includes(client.client_id)
}
