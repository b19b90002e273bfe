import type { LoginTurn } from './login-state.ts'
import { postLoginMethods } from './post-login-methods.ts'
import { createApi, methodNames } from './trigger-api.ts'
import type { PostLoginAPI } from './types/post-login/v3.ts'

/** Every method of the api, as `calls` names them: `accessToken.setCustomClaim`. */
export const postLoginMethodNames = methodNames(postLoginMethods)

/** The `api` of one Action in one login: see {@link createApi}. */
export function createPostLoginApi(turn: LoginTurn): PostLoginAPI {
  return createApi(turn, postLoginMethods) as PostLoginAPI
}
