import { fileURLToPath } from 'node:url'
import { startChild } from '../long-lived-child.ts'
import { type InstalledSimulator, simulator } from './install-simulator.ts'
import { audience, type LoginServer, scope, userCount } from './login-server.ts'
import type { SimulatorSetup } from './simulator-program.ts'

const program = fileURLToPath(new URL('./simulator-program.ts', import.meta.url))

const password = 'Tr0ubador & 3 more'

/** Starts the rival. It knows the password grant only, which names no connection. */
export async function startSimulator({
  folder,
  certificate,
}: InstalledSimulator): Promise<LoginServer> {
  const users = Array.from({ length: userCount }, (_, seed) => ({
    id: `auth0|${1_000 + seed}`,
    name: `User ${seed}`,
    email: `user-${seed}@example.com`,
    password,
  }))
  const [child] = await startChild(program, { HOME: folder, SIMULATOR_FOLDER: folder })
  const port = await child.ask({ name: simulator, users } satisfies SimulatorSetup)
  return {
    origin: `https://127.0.0.1:${port}`,
    certificate,
    requests: users.map(({ email: username }) => ({
      grant_type: 'password',
      client_id: '00000000000000000000000000000000',
      audience,
      scope,
      username,
      password,
    })),
    stop: () => child.stop(),
  }
}
