import { apiMutations } from './api-mutations.ts'
import { cacheMutations } from './cache-mutations.ts'
import { claimMutations } from './claim-mutations.ts'
import { flowMutations } from './flow-mutations.ts'
import { metadataMutations } from './metadata-mutations.ts'
import { mistakeMutations } from './mistake-mutations.ts'
import type { Mutation } from './mutation.ts'
import { redirectMutations } from './redirect-mutations.ts'
import { registrationMutations } from './registration-mutations.ts'
import { ruleMutations } from './rule-mutations.ts'
import { runMutations } from './run-mutations.ts'
import { scriptMutations } from './script-mutations.ts'
import { workerMutations } from './worker-mutations.ts'

export const mutations: readonly Mutation[] = [
  ...flowMutations,
  ...apiMutations,
  ...metadataMutations,
  ...cacheMutations,
  ...claimMutations,
  ...redirectMutations,
  ...runMutations,
  ...mistakeMutations,
  ...registrationMutations,
  ...ruleMutations,
  ...scriptMutations,
  ...workerMutations,
]
