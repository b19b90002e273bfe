/**
 * The program of a child process: the simulator that `SIMULATOR_FOLDER` holds, with one Rule. Takes a
 * `SimulatorSetup` and answers with the port that it listens on. Its home is that folder too: it reads
 * its certificate from there.
 */

import { createRequire } from 'node:module'
import { join } from 'node:path'

export interface SimulatorSetup {
  /** Of the package. */
  readonly name: string
  readonly users: readonly SimulatorUser[]
}

export interface SimulatorUser {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly password: string
}

interface Simulator {
  simulation(options: object): { listen(port: number, host: string): Promise<{ port: number }> }
}

const folder = process.env.SIMULATOR_FOLDER ?? ''
// It takes the folder of Rules for one below this.
process.chdir(folder)
process.on('disconnect', () => process.exit())
process.on('message', async ({ name, users }: SimulatorSetup) => {
  // The CommonJS build: the other one throws when it signs.
  const { simulation } = createRequire(join(folder, 'package.json'))(name) as Simulator
  const options = { rulesDirectory: 'rules' }
  const { port } = await simulation({ options, initialState: { users } }).listen(0, '127.0.0.1')
  process.send?.(port)
})
process.send?.('started')
