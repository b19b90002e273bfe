/**
 * The program of a child process: one instance of Auth0's runtime, warm from login to login. Takes its
 * `Setup` first, then a `Job` at a time, and answers each with a `JobReport`.
 */

import http from 'node:http'
import https from 'node:https'
import { createRequire } from 'node:module'
import type { Event } from '../../actions-testing/types/post-login/v3.ts'
import type { Job, JobReport, Setup, UserState } from './job.ts'
import {
  eventUser,
  isComplete,
  isMigrated,
  type Profile,
  profileOf,
  sampleEvent,
} from './profile.ts'
import { lastingCache, type RecordingApi, recordingApi } from './recording-api.ts'

type Action = (event: Event, api: RecordingApi) => Promise<void>

// Before any Action is loaded: they take the clock when they are.
const clock = Date.now
let ahead = 0
Date.now = () => clock() + ahead
const cache = lastingCache(Date.now)
const profiles = new Map<string, Profile>()
let secrets: Setup['secrets'] = {}
let actions: readonly Action[] = []
let logged: Record<string, number> = {}

console.log = (line: string) => {
  const { code } = JSON.parse(line)
  logged[code] = (logged[code] ?? 0) + 1
}
process.on('disconnect', () => process.exit())
process.on('message', async (message: Setup | Job) => {
  process.send?.('files' in message ? setUp(message) : await carryOut(message))
})
process.send?.('started')

function setUp(setup: Setup): string {
  if (setup.newConnections) keepNoConnection()
  const load = createRequire(import.meta.url)
  secrets = setup.secrets
  actions = setup.files.map((file) => load(file).onExecutePostLogin)
  return 'ready'
}

/** As axios has it before Node 19, whose `globalAgent` keeps none, and SDKs that are built on it. */
function keepNoConnection(): void {
  http.globalAgent = new http.Agent({ keepAlive: false })
  https.globalAgent = new https.Agent({ keepAlive: false })
  const { fetch } = globalThis
  globalThis.fetch = (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('connection', 'close')
    return fetch(input, { ...init, headers })
  }
}

async function carryOut(job: Job): Promise<JobReport> {
  ahead += job.later ?? 0
  logged = {}
  const users = job.who === 'unmigrated' ? unmigrated() : newUsers(job.who, job.logins)
  const milliseconds: number[] = []
  let failed = 0
  const waiting = users.values()
  const workers = Array.from({ length: job.atOnce }, async () => {
    // One iterator for all of them: whoever is free takes the next.
    for (const legacyId of waiting) {
      const login = await logIn(legacyId)
      milliseconds.push(login.milliseconds)
      if (login.failed) failed += 1
    }
  })
  await Promise.all(workers)
  const after = users.map(profileNamed)
  const migrated = after.filter(isMigrated)
  return {
    milliseconds,
    failed,
    unmigrated: after.length - migrated.length,
    incomplete: migrated.filter((profile) => !isComplete(profile)).length,
    logged,
  }
}

function unmigrated(): readonly string[] {
  return [...profiles.values()]
    .filter((profile) => !isMigrated(profile))
    .map(({ legacyId }) => legacyId)
}

function newUsers(state: UserState, count: number): readonly string[] {
  const first = 1_000 + profiles.size
  const ids = Array.from({ length: count }, (_, index) => String(first + index))
  for (const id of ids) profiles.set(id, profileOf(state, id))
  return ids
}

function profileNamed(legacyId: string): Profile {
  const profile = profiles.get(legacyId)
  if (profile === undefined) throw new RangeError(`no user ${legacyId}`)
  return profile
}

/** One login: all Actions, timed from the first to the last; one profile write, unless it failed. */
async function logIn(legacyId: string) {
  const profile = profileNamed(legacyId)
  const user = eventUser(profile, Date.now())
  const outcome = { ...profile, denied: false }
  const api = recordingApi(outcome, cache)
  // The Actions of a flow have events of their own; what an earlier one wrote, all of them find.
  const events = actions.map(() => ({ ...sampleEvent, secrets, user }))
  const start = performance.now()
  let failed = false
  try {
    for (const [index, action] of actions.entries()) {
      const event = events[index]
      if (event === undefined) continue
      await action(event, api)
      const { app_metadata, user_metadata } = outcome
      Object.assign(user, { app_metadata, user_metadata })
    }
    failed = outcome.denied
  } catch {
    failed = true
  }
  const milliseconds = performance.now() - start
  if (!failed) profiles.set(legacyId, outcome)
  return { milliseconds, failed }
}
