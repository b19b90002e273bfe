/**
 * The error classes that Auth0 hands to custom database scripts as globals.
 *
 * @see https://auth0.com/docs/authenticate/database-connections/custom-db/error-handling
 */
export const databaseErrors = {
  WrongUsernameOrPasswordError: class extends Error {
    override readonly name = 'WrongUsernameOrPasswordError'
    /** Whom it is about; falsy when the user is not known. */
    readonly userNameOrEmail: unknown

    constructor(userNameOrEmail?: unknown, message = 'Wrong username or password') {
      super(message)
      this.userNameOrEmail = userNameOrEmail
    }
  },
  ValidationError: class extends Error {
    override readonly name = 'ValidationError'
    readonly code: string

    constructor(code: string, message?: string) {
      super(message)
      this.code = code
    }
  },
  UnauthorizedError: class extends Error {
    override readonly name = 'UnauthorizedError'
  },
} as const
