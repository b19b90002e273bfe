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

/** @param wait Milliseconds until what arrives now is handed on. Never less far off than before. */
function carry(from: Socket, to: Socket, wait: () => number): void {
  from.on('data', (chunk) => setTimeout(() => to.writable && to.write(chunk), wait()))
  from.on('end', () => setTimeout(() => to.writable && to.end(), wait()))
  from.on('close', () => setTimeout(() => to.destroy(), wait()))
  // Whoever cuts a connection has done with it: the close that follows says all there is to say.
  from.on('error', () => {})
}
