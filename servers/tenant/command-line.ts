import { parseArgs } from 'node:util'
import { limitsOf, type Plan } from './rate-limit-plans.ts'

const plans = Object.keys(limitsOf).join(', ')

export const usage = `Usage: npm run tenant -- [--port PORT] [--state FILE] [--plan PLAN] [--faults FILE]
                          [--mail FOLDER] [--log]

Serves a stand-in tenant on 127.0.0.1 over TLS, until SIGTERM or SIGINT: the parts of Auth0's
Management and Authentication APIs that deploy-cli, an OIDC client and a login page need. Bundles run
in worker threads. It is no place for strangers' code or for real users.

  --port PORT    port to listen on; 0, the default, for a free one, or that of the state
  --state FILE   keep the tenant in FILE, keys and passwords' hashes included, and go on from there;
                 without it the tenant is empty, and gone when it stops
  --plan PLAN    limit the Management API as Auth0 limits that of ${plans};
                 without it there are no limits
  --faults FILE  what goes wrong, and how often: a list in JSON (servers/tenant/README.md)
  --mail FOLDER  keep the mail that Auth0 would send, a file each that only you can read: whoever
                 has the link of one can set that user's password
  --log          print one line of JSON a request: method, route, status
  --help         print this

Prints the domain, the file with the certificate to trust, and the file with the credentials of the
application that deploy-cli publishes with; only you can read that one. Both files go when it stops.

Exit status: 0 stopped by a signal, 1 failed, 2 the command line was wrong.`

export interface Settings {
  readonly port: number
  readonly log: boolean
  readonly stateFile?: string
  readonly plan?: Plan
  readonly faultsFile?: string
  readonly mailFolder?: string
}

/** What is wrong with a command line. */
export class Misuse extends Error {
  override readonly name = 'Misuse'
}

/**
 * @returns Null when help was asked for.
 * @throws {Misuse}
 */
export function readCommandLine(args: readonly string[]): Settings | null {
  const { help, log, mail, plan, port, state, faults } = valuesOf(args)
  if (help) return null
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Misuse('--port takes a number from 0 to 65535.')
  }
  if (state === '') throw new Misuse('--state takes the name of a file.')
  if (faults === '') throw new Misuse('--faults takes the name of a file.')
  if (mail === '') throw new Misuse('--mail takes the name of a folder.')
  if (plan !== undefined && !isPlan(plan)) throw new Misuse(`--plan takes one of ${plans}.`)
  return {
    port: Number(port),
    log,
    ...(state !== undefined && { stateFile: state }),
    ...(plan !== undefined && { plan }),
    ...(faults !== undefined && { faultsFile: faults }),
    ...(mail !== undefined && { mailFolder: mail }),
  }
}

function valuesOf(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        faults: { type: 'string' },
        help: { type: 'boolean', default: false },
        log: { type: 'boolean', default: false },
        mail: { type: 'string' },
        plan: { type: 'string' },
        port: { type: 'string', default: '0' },
        state: { type: 'string' },
      },
    })
    return values
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error))
  }
}

function isPlan(text: string): text is Plan {
  return Object.hasOwn(limitsOf, text)
}
