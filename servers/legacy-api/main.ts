import { parseArgs } from 'node:util'
import { createRemoteJWKSet } from 'jose'
import { openDatabase } from './database.ts'
import { LegacyApiError } from './errors.ts'
import { startLegacyApi } from './server.ts'
import { readSettings } from './settings.ts'

const usage = `Usage: node servers/legacy-api/main.ts [--help]

Serves the legacy API's contract (openapi.yaml) on 127.0.0.1, until SIGTERM or SIGINT.

  TENANT_ISSUER        issuer of access tokens, with its trailing slash: https://<tenant domain>/
  LEGACY_API_AUDIENCE  identifier of this API in the tenant
  PORT                 port to listen on; 0 for a free one
  DATABASE_URL         postgres://…; without it, an embedded PGlite
  LEGACY_DATA_DIR      folder of the embedded PGlite; without it, in memory

Prints its URL, then one line of JSON a request: method, route, status, elapsedMs.

Exit status: 0 stopped by a signal, 1 failed, 2 a setting or the command line was wrong.`

async function main(): Promise<void> {
  const { issuer, audience, jwksUrl, port, databaseUrl, dataDir } = readSettings(process.env)
  const database = await openDatabase({
    ...(databaseUrl !== undefined && { url: databaseUrl }),
    ...(dataDir !== undefined && { dataDir }),
  })
  const server = await startLegacyApi({
    database,
    issuer,
    audience,
    jwks: createRemoteJWKSet(jwksUrl),
    now: Date.now,
    port,
    onRequest: (entry) => console.log(JSON.stringify(entry)),
  })
  // Before anybody is told that it runs, and may end it.
  const signalled = nextSignal()
  console.log(`legacy API on ${server.url}`)
  await signalled
  await server.close()
  await database.close()
}

/** A Ctrl-C by way of npm comes twice: the second must not end what tidies up. */
function nextSignal(): Promise<unknown> {
  return new Promise((resolve) => {
    process.on('SIGTERM', resolve)
    process.on('SIGINT', resolve)
  })
}

function wantsHelp(): boolean {
  try {
    return parseArgs({ options: { help: { type: 'boolean' } } }).values.help === true
  } catch {
    console.error(usage)
    return process.exit(2)
  }
}

if (wantsHelp()) {
  console.log(usage)
} else {
  await main().catch((error: unknown) => {
    if (error instanceof LegacyApiError) {
      console.error(`${error.code}: ${error.message}`)
      process.exit(2)
    }
    // A driver's message may quote the connection string, so only its code is shown.
    const code = (error as { readonly code?: unknown } | null)?.code
    console.error(`failed: ${typeof code === 'string' ? code : 'without a code'}`)
    process.exit(1)
  })
}
