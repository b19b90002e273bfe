import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Instance } from './instance.ts'
import { type OldTenantWorld, openOldTenant } from './world.ts'

/** Of a file's tests that begin with `givenOldTenant`. */
export let world: OldTenantWorld
/** Of the new side; anew for each test, which knows nothing of the one before. */
export let instance: Instance

export function givenOldTenant(): void {
  beforeAll(async () => {
    world = await openOldTenant()
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    world.reset()
    instance = await world.anew()
  })
}
