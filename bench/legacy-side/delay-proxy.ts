import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * A network in front of a server: everything arrives half a round trip after it was sent, in order,
 * and a connection takes a whole one before it carries anything.
 *
 * @param port Of the server, on loopback.
 * @param roundTrip Milliseconds.
 */
export function delayProxy(port: number, roundTrip: number): Server {
  return createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    const openAt = performance.now() + roundTrip
    carry(client, server, () => Math.max(0, openAt - performance.now()) + roundTrip / 2)
    carry(server, client, () => roundTrip / 2)
  })
}

/** @param wait Milliseconds until what arrives now is handed on. */
function carry(from: Socket, to: Socket, wait: () => number): void {
  const underway: (() => void)[] = []
  const handOn = (step: () => void) => {
    underway.push(step)
    // Whichever is first takes what is first: timers of different lengths keep no order.
    runAt(performance.now() + wait(), () => underway.shift()?.())
  }
  from.on('data', (chunk) => handOn(() => to.writable && to.write(chunk)))
  from.on('end', () => handOn(() => to.writable && to.end()))
  from.on('close', () => handOn(() => to.destroy()))
  // Whoever cuts a connection has done with it: the close that follows says all there is to say.
  from.on('error', () => {})
}

/**
 * Milliseconds before it is time at which a timer is no longer trusted. Node's are late by one to two,
 * and a round trip of 20 ms would be one of 23: more for whoever makes many of them.
 */
const timerError = 2

function runAt(due: number, step: () => void): void {
  const left = due - performance.now()
  if (left > timerError) setTimeout(() => runAt(due, step), Math.floor(left - timerError))
  else if (left > 0) setImmediate(() => runAt(due, step))
  else step()
}
