import type { Code } from '../tenant/tenant-view.ts'
import type { Check, CheckSettings, Seen, Unseen } from './check.ts'
import { isKitAction } from './kit-actions.ts'

const link = 'https://auth0.com/docs/deploy-monitor/deploy-cli-tool'

/** What is on the tenant, or would be, against dist/. */
export const publishedCodeChecks: readonly Check[] = [
  {
    kind: {
      id: 'action-differs-from-dist',
      severity: 'warning',
      title: 'Action of the kit whose code is not that of dist/',
      why: 'Somebody changed it on the tenant, or it was never published again: what the tests show is not what runs.',
      remedy: 'npm run build, and publish it.',
      link,
    },
    reads: ['actions'],
    *find(view, settings) {
      for (const action of view.section('actions') ?? []) {
        const files = [`actions/${action.name}.js`]
        if (isKitAction(action)) yield* difference(action.code, files, settings)
      }
    },
  },
  {
    kind: {
      id: 'script-differs-from-dist',
      severity: 'warning',
      title: 'Script of the connection that is not that of dist/',
      why: 'login and get_user have to give one and the same profile: a script that was changed by hand, or one of the two, makes twins.',
      remedy: 'npm run build, and publish both.',
      link,
    },
    reads: ['databases'],
    *find(view, settings) {
      if (settings.connection === null) {
        yield { because: 'migration.config.ts is not here, and names the connection', where: {} }
        return
      }
      for (const { name, code } of view.section('databases') ?? []) {
        if (name !== settings.connection) continue
        for (const one of code) {
          if (one.kind !== 'login' && one.kind !== 'get_user') continue
          const folder = `databases/${name}`
          const files = [`${folder}/${one.kind}.js`, `${folder}/no-op/${one.kind}.js`]
          yield* difference([one], files, settings)
        }
      }
    },
  },
]

/** @param files Any of which it may be. */
function* difference(
  code: readonly Code[],
  files: readonly string[],
  { bundle }: CheckSettings,
): Generator<Seen | Unseen> {
  const built = files.map(bundle).filter((one) => one !== null)
  for (const { text, place } of code) {
    if (built.length === 0)
      yield { because: `dist/${files[0]} is not there: npm run build`, where: place }
    else if (!built.some((one) => plain(one) === plain(text))) {
      yield { what: `It is not dist/${files[0]}.`, where: place }
    }
  }
}

/** Line ends and the end of the file are not the code’s. */
function plain(code: string): string {
  return code.replaceAll('\r\n', '\n').trimEnd()
}
