import type { Overrides } from '../../../actions-testing/deep-merge.ts'
import { createPostLoginEvent } from '../../../actions-testing/event.ts'
import {
  createInProcessRuntime,
  type InProcessOptions,
} from '../../../actions-testing/in-process-runtime.ts'
import type { PostLoginOutcome } from '../../../actions-testing/runtime.ts'
import type { Event } from '../../../actions-testing/types/post-login/v3.ts'
import { action } from '../runtimes.ts'

/** One limit, the change of the room under which it no longer holds, and how that is seen. */
export interface Mutation {
  readonly limit: string
  /** File of actions-testing/. */
  readonly file: string
  /** Found in it exactly once. */
  readonly find: string
  readonly replace: string
  /** True while the limit holds. Whatever it throws is a mistake of the probe. */
  readonly holds: () => Promise<boolean>
}

export function limitOf(
  limit: string,
  file: string,
  find: string,
  replace: string,
  holds: () => Promise<boolean>,
): Mutation {
  return { limit, file, find, replace, holds }
}

/** One login of Actions with these bodies. */
export function loginOf(
  bodies: readonly string[],
  overrides: Overrides<Event> = {},
  options: InProcessOptions = {},
): Promise<PostLoginOutcome> {
  return createInProcessRuntime(options).runPostLogin({
    actions: bodies.map((body, index) => action(body, { name: `action-${index + 1}` })),
    event: createPostLoginEvent(overrides),
  })
}

/** What an Action with this body leaves in the claim `seen`. */
export async function seenBy(
  body: string,
  overrides: Overrides<Event> = {},
  options: InProcessOptions = {},
): Promise<unknown> {
  const { denied, idTokenClaims } = await loginOf([body], overrides, options)
  if (denied !== null) throw new Error(`the probe was denied: ${denied.reason}`)
  return idTokenClaims.seen
}

/** True when an Action with this body is denied for that. */
export async function isDenied(
  body: string,
  reason: string,
  overrides: Overrides<Event> = {},
): Promise<boolean> {
  const { denied } = await loginOf([body], overrides)
  return denied?.reason.includes(reason) === true
}

export const seen = (expression: string) => `api.idToken.setCustomClaim('seen', ${expression})`

export const rejects = (run: Promise<unknown>): Promise<boolean> =>
  run.then(
    () => false,
    () => true,
  )
