import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createCertificate } from '../../servers/tenant/certificate.ts'
import { claim } from './login-server.ts'

const execute = promisify(execFile)

export const simulator = '@simulacrum/auth0-simulator'

/** The one that docs and reaches speak of. */
const version = '0.11.4'

/** Milliseconds. */
const timeout = 180_000

/** A folder that holds the simulator, its one Rule, and a home with the certificate it wants. */
export interface InstalledSimulator {
  readonly folder: string
  /** PEM, for servers on loopback. */
  readonly certificate: string
  remove(): void
}

/**
 * Installs the rival into a folder of its own: it is no dependency of the project.
 *
 * @returns Null when npm cannot: it needs its registry.
 */
export async function installSimulator(): Promise<InstalledSimulator | null> {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']
    const args = ['install', '--prefix', folder, ...flags, `${simulator}@${version}`]
    await execute('npm', args, { cwd: folder, timeout })
  } catch {
    // What npm says names folders of this machine, and there is one thing to do about it.
    remove()
    return null
  }
  writeRule(folder)
  return { folder, certificate: await writeCertificate(folder), remove }
}

/** The least that a Rule can do, and be seen to have done. */
function writeRule(folder: string): void {
  mkdirSync(join(folder, 'rules'))
  const statements = `context.idToken['${claim}'] = 'team'; callback(null, user, context)`
  const code = `function addPlan(user, context, callback) { ${statements} }\n`
  writeFileSync(join(folder, 'rules', 'add-plan.js'), code)
  writeFileSync(join(folder, 'rules', 'add-plan.json'), '{ "enabled": true, "order": 1 }\n')
}

/** Of the kind that the stand-in has: TLS shall cost both the same. */
async function writeCertificate(folder: string): Promise<string> {
  const { privateKey, pem } = await createCertificate(Date.now())
  const certificates = join(folder, '.simulacrum', 'certs')
  mkdirSync(certificates, { recursive: true })
  writeFileSync(join(certificates, 'localhost.pem'), pem)
  writeFileSync(join(certificates, 'localhost-key.pem'), privateKey, { mode: 0o600 })
  return pem
}
