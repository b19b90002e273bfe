import { SignJWT } from 'jose'
import { afterAll, describe, expect, test } from 'vitest'
import { type Continued, createContinueEvent } from '../../actions-testing/continue-event.ts'
import { createPostLoginEvent } from '../../actions-testing/event.ts'
import type { DeployedAction, PostLoginOutcome } from '../../actions-testing/runtime.ts'
import { action, runtimes } from './runtimes.ts'

/** An Action that sends the user away, and what it does when they are back. */
function asking(name: string, execute: string, onContinue: string | null): DeployedAction {
  const secrets = { REDIRECT: 'a secret that is long enough to sign with' }
  const resumed =
    onContinue === null
      ? ''
      : `exports.onContinuePostLogin = async (event, api) => {\n${onContinue}\n}`
  return { ...action(execute, { name, secrets }), code: `${action(execute).code}\n${resumed}` }
}

const ask = `api.redirect.sendUserTo('https://app.example/ask')`

describe.each(Object.entries(runtimes))('onContinuePostLogin, %s', (_name, createRuntime) => {
  const runtime = createRuntime()
  afterAll(() => runtime.close())
  const event = createPostLoginEvent({ user: { app_metadata: { plan: 'gold' } } })
  const begin = (actions: readonly DeployedAction[]) => runtime.runPostLogin({ actions, event })
  const goOn = (
    actions: readonly DeployedAction[],
    stopped: PostLoginOutcome,
    request: Continued = {},
  ) =>
    runtime.runPostLogin({
      actions,
      event: createContinueEvent(event, stopped, request),
      resume: stopped,
    })

  test('the same Action goes on, earlier ones are not run again, later ones run', async () => {
    const mark = (name: string) => action(`api.idToken.setCustomClaim('${name}', true)`, { name })
    const actions = [
      mark('before'),
      asking('asks', ask, `api.idToken.setCustomClaim('continued', true)`),
      mark('after'),
    ]
    const stopped = await begin(actions)
    expect(stopped.interaction?.action).toBe('asks')
    expect(Object.keys(stopped.idTokenClaims)).toEqual(['before'])
    const outcome = await goOn(actions, stopped)
    expect(outcome.interaction).toBeNull()
    expect(outcome.calls.map(({ action, args }) => [action, args[0]])).toEqual([
      ['asks', 'continued'],
      ['after', 'after'],
    ])
    expect(Object.keys(outcome.idTokenClaims)).toEqual(['before', 'continued', 'after'])
  })

  test('what was asked before is kept; metadata was written and is in the new event', async () => {
    const actions = [
      asking(
        'asks',
        `api.user.setAppMetadata('asked', 1).user.setAppMetadata('plan', null)
         api.accessToken.addScope('a'); api.accessToken.removeScope('b')
         api.transaction.setMetadata('step', 2); api.transaction.setTargetScopes(['c']); ${ask}`,
        `api.idToken.setCustomClaim('seen', [event.user.app_metadata, event.transaction.metadata,
           event.transaction.target_scopes, event.request.query.answer])`,
      ),
    ]
    const stopped = await begin(actions)
    expect(stopped.appMetadata).toEqual({ asked: 1, plan: null })
    const outcome = await goOn(actions, stopped, { query: { answer: 'yes' } })
    expect(outcome.idTokenClaims).toEqual({ seen: [{ asked: 1 }, { step: 2 }, ['c'], 'yes'] })
    expect(outcome).toMatchObject({
      appMetadata: {},
      addedScopes: ['a'],
      removedScopes: ['b'],
      targetScopes: ['c'],
    })
  })

  test('the 32 kB of metadata are those of the whole login, over every redirect', async () => {
    const set = (kind: string, bytes: number) =>
      `api.user.set${kind}('k', 'x'.repeat(${bytes} - 8));`
    const over = 'app_metadata set by Actions exceeds 32000 bytes in this login'
    const legs = async (...bodies: readonly string[]) => {
      const last = bodies.length - 1
      const code = (body: string, leg: number) => (leg < last ? `${body} ${ask}` : body)
      const continues = bodies.map((body, leg) => `if (leg === ${leg}) { ${code(body, leg)} }`)
      const next = `const leg = Number(event.request.query.leg); ${continues.join('\n')}`
      const actions = [asking('asks', code(bodies[0] ?? '', 0), next)]
      let outcome = await begin(actions)
      for (let leg = 1; leg < bodies.length; leg += 1) {
        outcome = await goOn(actions, outcome, { query: { leg: String(leg) } })
      }
      return outcome
    }
    const full = await legs(set('AppMetadata', 12_000), '', set('AppMetadata', 20_000))
    expect(full).toMatchObject({ denied: null, writtenBytes: { app_metadata: 32_000 } })
    const third = await legs(set('AppMetadata', 12_000), '', set('AppMetadata', 20_001))
    expect(third).toMatchObject({ denied: { reason: over }, appMetadata: {} })
    const other = await legs(set('UserMetadata', 32_000), set('AppMetadata', 32_000))
    expect(other).toMatchObject({
      denied: null,
      writtenBytes: { app_metadata: 32_000, user_metadata: 32_000 },
    })
  })

  test('validateToken and recordMethod can be used, and a second step be asked for', async () => {
    const resumed = `const claims = api.redirect.validateToken({ secret: event.secrets.REDIRECT })
      api.authentication.recordMethod(claims.method)
      if (event.request.query.more) api.redirect.sendUserTo('https://app.example/more')`
    const actions = [
      asking('asks', ask, resumed),
      action(`api.idToken.setCustomClaim('later', 1)`, { name: 'later' }),
    ]
    const stopped = await begin(actions)
    const session_token = await new SignJWT({ state: 'abc', method: 'https://app.example/mfa' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1m')
      .sign(Buffer.from('a secret that is long enough to sign with'))
    const outcome = await goOn(actions, stopped, { query: { session_token, state: 'abc' } })
    expect(outcome.recordedMethods).toEqual(['https://app.example/mfa'])
    expect(outcome.idTokenClaims).toEqual({ later: 1 })
    const again = await goOn(actions, stopped, {
      query: { session_token, state: 'abc', more: '1' },
    })
    expect(again.interaction?.url).toBe('https://app.example/more')
    expect(again.idTokenClaims).toEqual({})
    const forged = await goOn(actions, stopped, { query: { session_token, state: 'other' } })
    expect(forged.denied?.reason).toBe('The state of the session token is not that of the login')
    expect(forged.recordedMethods).toEqual([])
  })

  test('after a prompt the Action goes on too, with what the user filled in', async () => {
    const actions = [
      asking(
        'asks',
        `api.prompt.render('a-form')`,
        `api.user.setUserMetadata('colour', event.prompt.fields.colour)`,
      ),
    ]
    const stopped = await begin(actions)
    const prompt = { id: 'a-form', fields: { colour: 'blue' } }
    expect((await goOn(actions, stopped, { prompt })).userMetadata).toEqual({ colour: 'blue' })
  })

  test('after a challenge the next Action runs, and onContinuePostLogin does not', async () => {
    const actions = [
      asking('asks', `api.authentication.challengeWith({ type: 'otp' })`, `api.access.deny('no')`),
      action(`api.idToken.setCustomClaim('later', 1)`, { name: 'later' }),
    ]
    const outcome = await goOn(actions, await begin(actions))
    expect(outcome).toMatchObject({ denied: null, idTokenClaims: { later: 1 } })
  })

  test('an Action that cannot go on fails the login', async () => {
    const silent = [asking('asks', ask, null)]
    const outcome = await goOn(silent, await begin(silent))
    expect(outcome.denied).toEqual({
      action: 'asks',
      reason: 'The Action asks does not export onContinuePostLogin',
    })
    const unbound = await goOn([], await begin(silent))
    expect(unbound.denied).toEqual({
      action: 'asks',
      reason: 'The Action asks is no longer there to go on',
    })
  })

  test('multifactor that was asked for before is still owed, unless it is taken back', async () => {
    const enable = `api.multifactor.enable('any')`
    const actions = [asking('asks', `${ask}; ${enable}`, '')]
    const owed = { method: 'multifactor.enable', action: 'asks' }
    expect((await goOn(actions, await begin(actions))).interaction).toEqual(owed)
    const relents = [asking('asks', `${enable}; ${ask}`, `api.multifactor.enable('none')`)]
    expect((await goOn(relents, await begin(relents))).interaction).toBeNull()
  })

  test('only a login that stopped for the user goes on', async () => {
    const actions = [action(`api.multifactor.enable('any')`)]
    const done = await begin(actions)
    await expect(goOn(actions, done)).rejects.toThrow('this login did not stop for the user')
  })

  test('setPrimaryUser is once in a transaction, also across a redirect', async () => {
    const link = `api.authentication.setPrimaryUser('auth0|1')`
    const actions = [asking('asks', `${link}; ${ask}`, link)]
    const outcome = await goOn(actions, await begin(actions))
    expect(outcome.primaryUser).toBe('auth0|1')
    expect(outcome.denied?.reason).toContain('only once in a transaction')
  })
})

describe.each(Object.entries(runtimes))('post-login, more, %s', (_name, createRuntime) => {
  const runtime = createRuntime({ strictApi: true })
  afterAll(() => runtime.close())
  const run = (bodies: readonly string[], directory = {}) =>
    runtime.runPostLogin({
      actions: bodies.map((body, index) => action(body, { name: `action-${index + 1}` })),
      event: createPostLoginEvent(),
      directory,
    })

  test('metadata set beside setPrimaryUser is lost, before it or after it; that of others is not', async () => {
    const outcome = await run([
      `api.user.setUserMetadata('first', 1).user.setAppMetadata('first', 1)`,
      `api.user.setUserMetadata('lost', 1); api.authentication.setPrimaryUser('auth0|1')
       api.user.setUserMetadata('first', 2).user.setAppMetadata('lost', 1)`,
      `api.user.setUserMetadata('later', event.user.user_metadata.lost ?? 'kept')`,
    ])
    expect(outcome.primaryUser).toBe('auth0|1')
    expect(outcome.userMetadata).toEqual({ first: 1, later: 'kept' })
    expect(outcome.appMetadata).toEqual({ first: 1 })
  })

  test('target scopes accumulate from Action to Action', async () => {
    const outcome = await run([
      `api.transaction.addTargetScope('read:a')`,
      `api.transaction.removeTargetScope('openid')
       api.idToken.setCustomClaim('scopes', event.transaction.target_scopes)`,
    ])
    expect(outcome.idTokenClaims.scopes).toEqual(['profile', 'email', 'read:a'])
    expect(outcome.targetScopes).toEqual(['profile', 'email', 'read:a'])
  })

  test('groups and roles are those of the run', async () => {
    const roles = [{ id: 'rol_1', name: 'Editor' }]
    const found = await run(
      [`api.idToken.setCustomClaim('found', await api.roles.getUserEffectiveRoles())`],
      { roles },
    )
    expect(found.idTokenClaims).toEqual({ found: { roles } })
    const none = run([`try { await api.groups.getUserGroups() } catch {}`], { roles })
    await expect(none).rejects.toThrow(
      'looks up groups, which the test did not give: the option directory.groups',
    )
  })

  test('strictApi: a member that does not exist rejects the run, even when it is caught', async () => {
    await expect(run([`try { api.acess.deny('no') } catch {}`])).rejects.toThrow(
      'The Action action-1 reads what does not exist: api.acess does not exist; did you mean api.access?',
    )
  })
})
