import { fileURLToPath } from 'node:url'
import type { BundleCopies } from '../bundles.ts'
import { startChild } from '../long-lived-child.ts'
import type { LoginAddress, LoginServer } from './login-server.ts'
import type { TenantSetup } from './tenant-program.ts'

const program = fileURLToPath(new URL('./tenant-program.ts', import.meta.url))

/** Starts our stand-in tenant, with the four Actions deployed and bound. */
export async function startStandIn({ flow }: Pick<BundleCopies, 'flow'>): Promise<LoginServer> {
  const [child] = await startChild(program)
  const address = (await child.ask({ actions: flow.files } satisfies TenantSetup)) as LoginAddress
  return { ...address, stop: () => child.stop() }
}
