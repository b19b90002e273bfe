#!/usr/bin/env node
// The `migration` command. Plain JavaScript, so that an old Node can still say what it lacks: from
// here on the sources are TypeScript, which Node runs as they are since 22.18.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major > 22 || (major === 22 && minor >= 18)) await import('./main.ts')
else runOn(bundledNode())

/** The Node that `npm ci` brought along, as `package.json` asks for it; null where there is none. */
function bundledNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve('node/package.json')
    return join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  } catch {
    return null
  }
}

function runOn(node) {
  if (node === null) refuse()
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to both: the child cleans up, and its end is ours.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('error', refuse)
  child.on('close', (code) => {
    process.exitCode = code ?? 1
  })
}

function refuse() {
  console.error(
    `migration needs Node 22.18 or newer; this is ${process.version}. Run \`npm ci\` in the project: it brings its own.`,
  )
  process.exit(2)
}
