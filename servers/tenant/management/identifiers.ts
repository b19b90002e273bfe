import { randomInt } from 'node:crypto'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const hexadecimal = '0123456789abcdef'

/** Letters and digits, unguessable: `cgr_` + 16 of them name a client grant, 32 an application. */
export function newIdentifier(length: number): string {
  return pick(letters, length)
}

/** As resource servers are named: 24 hexadecimal digits. */
export function newObjectId(): string {
  return pick(hexadecimal, 24)
}

function pick(from: string, length: number): string {
  return Array.from({ length }, () => from[randomInt(from.length)]).join('')
}
