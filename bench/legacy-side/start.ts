import { fileURLToPath } from 'node:url'
import { startChild } from '../long-lived-child.ts'
import type { Addresses, Behaviour, Order, Traffic } from './behaviour.ts'

const program = fileURLToPath(new URL('./main.ts', import.meta.url))

/** The legacy API and the token endpoint of the benchmark, in a process of their own. */
export interface LegacySide {
  readonly addresses: Addresses
  /** From now on; what was counted is forgotten. */
  behave(behaviour: Behaviour): Promise<void>
  traffic(): Promise<Traffic>
  stop(): Promise<void>
}

export async function startLegacySide(): Promise<LegacySide> {
  const [child, first] = await startChild(program)
  const order = (order: Order) => child.ask(order)
  return {
    addresses: first as Addresses,
    behave: async (behave) => void (await order({ behave })),
    traffic: async () => (await order({ tell: 'traffic' })) as Traffic,
    stop: child.stop,
  }
}
