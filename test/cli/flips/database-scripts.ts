import { isObject } from '../../../cli/auth0-tenant.ts'
import { type Flip, profile, script } from '../flip.ts'
import { answer, around } from '../flip-http.ts'

/** Of database scripts. */
export const flipsOfDatabaseScripts: Readonly<Record<string, Flip>> = {
  'login-gets-identifier-as-typed': script((run) =>
    run.script === 'login'
      ? { ...run, args: [String(run.args[0]).toLowerCase(), ...run.args.slice(1)] }
      : run,
  ),
  'get-user-gets-lower-case': script((run) =>
    run.script === 'get_user'
      ? { ...run, args: [String(run.args[0]).replace('migration', 'Migration')] }
      : run,
  ),
  'unknown-profile-members-dropped': answer((answered, { route, path }) =>
    route === 'GET users' && path !== 'users'
      ? { ...answered, body: { ...answered.body, shoe_size: 42 } }
      : answered,
  ),
  'wrong-typed-profile-member-fails-import': profile(({ given_name: name, ...rest }) => ({
    ...rest,
    ...(name !== undefined && { given_name: String(name) }),
  })),
  'forbidden-metadata-fails-import': profile(({ app_metadata: metadata, ...rest }) => {
    if (!isObject(metadata)) return rest
    const { email: _, ...allowed } = metadata
    return { ...rest, app_metadata: allowed }
  }),
  'taken-id-or-address-fails-import': profile((handedOver, { args }) =>
    String(args[1]).includes('!user_id!')
      ? { ...handedOver, user_id: `${handedOver.user_id}-2` }
      : handedOver,
  ),
  'first-logins-at-once-are-one-user': (() => {
    const underWay = new Set<unknown>()
    return around(async ({ body }, next, { state }) => {
      const { username } = body
      const known = [...state.users.values()].some(({ profile }) => profile.email === username)
      if (username === undefined || known) return next()
      if (underWay.has(username)) return Response.json({ error: 'access_denied' }, { status: 403 })
      underWay.add(username)
      return next().finally(() => underWay.delete(username))
    })
  })(),
  'administrator-email-change-asks-get-user': script(
    (run) => run,
    (result, { args, script: called }) =>
      called === 'get_user' && String(args[0]).startsWith('taken-')
        ? { ...result, outcome: { type: 'not-found' } }
        : result,
  ),
  'callback-is-the-last-argument': script((run) => ({ ...run, args: run.args.slice(0, 2) })),
  'global-outlives-a-call': { switches: { warm: false } },
  'import-fires-no-registration-action': script(
    (run) => run,
    (result, { script: called }, { state }) =>
      called === 'login' && (state.bindings.get('pre-user-registration') ?? []).length > 0
        ? { ...result, outcome: { type: 'error', name: 'Error', message: 'denied' } }
        : result,
  ),
  'first-argument-is-what-was-typed': script(
    (run) => run,
    (result) =>
      result.outcome.type === 'error' && result.outcome.knownUser === true
        ? { ...result, outcome: { ...result.outcome, knownUser: false } }
        : result,
  ),
  'script-error-is-access-denied': answer((answered, { body }) =>
    body.password === 'outage'
      ? { ...answered, body: { error: 'access_denied', error_description: 'Something failed.' } }
      : answered,
  ),
}
