import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Command } from './command.ts'

/** `migration demo`: `npm run demo` by another name. It prints as it goes, so in a process of its own. */
export const demoCommand: Command = {
  usage: `Usage: npx migration demo [--from-tenant] [--json] [--serve]

As npm run demo, which see: npm run demo -- --help

Exit status: 0 every fact holds, 1 one does not or the demo broke down, 2 the command line was wrong.`,
  async run(args) {
    const script = fileURLToPath(new URL('./demo.ts', import.meta.url))
    const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit' })
    const exitStatus = await new Promise<number>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code) => resolve(code ?? 1))
    })
    return { exitStatus, found: undefined, text: '' }
  },
}
