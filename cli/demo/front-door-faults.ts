import type { IncomingMessage, ServerResponse } from 'node:http'

type Answer = (incoming: IncomingMessage, response: ServerResponse) => void

/** What a gateway, a network or a legacy API gone wrong answers in place of the truth. */
export const faults = {
  /** Hangs up without a word. */
  down: (incoming) => incoming.socket.destroy(),
  /** Takes the request and never answers. */
  hangs: () => undefined,
  /** Breaks off in the middle of a body. */
  cut(incoming, response) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 500 })
    response.write('{"legacy_id":"1', () => incoming.socket.destroy())
  },
  /** A gateway that has lost its route. */
  'html-404': (_, response) => html(response, 404, '404 Not Found'),
  /** A page for people who come while the system is being mended. */
  'html-200': (_, response) => html(response, 200, 'We will be back soon'),
  'html-503': (_, response) => html(response, 503, 'Service Unavailable'),
  /** Sends the caller elsewhere; the token must not go along. */
  redirect(incoming, response) {
    response.writeHead(302, { location: `http://${incoming.headers.host}/elsewhere` }).end()
  },
  /** A right answer to another question: somebody else's profile. */
  'another-user': (_, response) => json(response, anotherUser),
  'wrong-shape': (_, response) => json(response, { ...anotherUser, app_metadata: 'none' }),
  /** 10 MB, and no end in sight of what was asked for. */
  huge(_, response) {
    json(response, { ...anotherUser, app_metadata: { notes: 'x'.repeat(10_000_000) } })
  },
} satisfies Readonly<Record<string, Answer>>

export type Fault = keyof typeof faults

const anotherUser = {
  legacy_id: 'somebody-else',
  email: 'somebody.else@legacy.example',
  email_verified: true,
  app_metadata: { plan: 'stolen' },
  user_metadata: {},
  migrated_at: null,
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function html(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
  response.end(`<!doctype html><html><body><h1>${text}</h1></body></html>`)
}
