import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../cli/demo/world.ts'

/** The Node that runs TypeScript. */
const manifest = createRequire(import.meta.url).resolve('node/package.json')
const node = join(dirname(manifest), 'bin', 'node')

/** Samples a stream of users of a kilobyte each. */
const script = `
import { Response } from 'undici'
import { legacyIds } from './cli/status/legacy-stream.ts'
import { sample } from './cli/status/sample.ts'
const [total, piece] = [200_000, 100]
let sent = 0
const encoder = new TextEncoder()
const user = (id) => JSON.stringify({ legacy_id: String(id).padStart(9, '0'), user_metadata: { a: 'b'.repeat(1_000) } })
const body = new ReadableStream({
  pull(controller) {
    if (sent === total) {
      controller.enqueue(encoder.encode(JSON.stringify({ end: true, count: total }) + '\\n'))
      return controller.close()
    }
    const lines = Array.from({ length: piece }, (_, index) => user(sent + index) + '\\n')
    sent += piece
    controller.enqueue(encoder.encode(lines.join('')))
  },
})
const context = { signal: new AbortController().signal, progress: { report() {}, end() {} } }
const ids = legacyIds({ read: async () => new Response(body) }, { migrated: true }, context)
console.log((await sample(ids, 50, Math.random)).length)
`

test('status: --verify holds no more than those that it verifies, however many there are', () => {
  const args = ['--max-old-space-size=24', '--input-type=module', '-e', script]
  const { status, stdout } = spawnSync(node, args, { cwd: projectRoot, encoding: 'utf8' })
  expect({ status, stdout: stdout.trim() }).toEqual({ status: 0, stdout: '50' })
}, 60_000)
