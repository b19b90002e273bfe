import type { FindingKind } from '../finding.ts'
import { listAt, textAt } from '../tenant/shape.ts'
import { type Check, each } from './check.ts'
import { isKitAction, settingsOf } from './kit-actions.ts'

const limits = 'https://auth0.com/docs/customize/actions/limitations'
/** Bytes. Auth0 says 100 kB; read as decimal, the smaller. */
const maxCodeBytes = 100_000

const runtimeNotNode22: FindingKind = {
  id: 'runtime-not-node22',
  severity: 'warning',
  title: 'Code that does not run on Node 22',
  why: 'The kit is built for node22 and tested there; Auth0 has a guide from 18 to 22, and no date yet for the end of 18.',
  remedy: 'Set the runtime to node22 (of a tenant: sandbox_version 22).',
  link: 'https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations/migrate-nodejs-22',
}

export const actionChecks: readonly Check[] = [
  {
    kind: {
      id: 'action-not-deployed',
      severity: 'error',
      title: 'Action whose code is not the one that runs',
      why: 'A draft does not run: logins get the version before it, or none.',
      remedy: 'Deploy it; where its build failed, mend it first.',
      link: 'https://auth0.com/docs/customize/actions/actions-overview',
    },
    ...each('actions', function* ({ value, place }) {
      const { deployed, all_changes_deployed: allDeployed, status } = value
      if (status === 'failed') yield { what: 'Its build failed.', where: place('status') }
      else if (deployed === false) yield { what: 'deployed is false.', where: place('deployed') }
      else if (allDeployed === false) {
        yield {
          what: 'It has changes that are not deployed.',
          where: place('all_changes_deployed'),
        }
      }
    }),
  },
  {
    kind: {
      id: 'action-secret-missing',
      severity: 'error',
      title: 'Action of the kit without a secret that it reads',
      why: 'protect-legacy-audience denies every login that asks for an API; the others make no call, log setting_missing, and do nothing.',
      remedy: 'Set the secret, under the name of the README.',
      link: 'https://auth0.com/docs/customize/actions/write-your-first-action',
    },
    ...each('actions', function* (action) {
      if (!isKitAction(action)) return
      const has = listAt(action.value, 'secrets').map((secret) => textAt(secret, 'name'))
      for (const { text, place } of action.code) {
        const reads = settingsOf(text)
        if (reads === null) yield { because: 'it does not parse', where: place }
        const missing = (reads ?? []).filter(
          (name) => !optional.includes(name) && !has.includes(name),
        )
        for (const name of missing) {
          yield { what: `It reads ${name}, which is not set.`, where: action.place('secrets') }
        }
      }
    }),
  },
  {
    kind: runtimeNotNode22,
    ...each('actions', function* ({ value, place }) {
      const { runtime } = value
      // Older versions have a row of their own: node-12-and-16.
      if (typeof runtime !== 'string' || !/^node18\b/.test(runtime)) return
      yield { what: `runtime is ${runtime}.`, where: place('runtime') }
    }),
  },
  {
    kind: runtimeNotNode22,
    ...each('tenant', function* ({ value, place }) {
      // A number, where somebody left the quotes out.
      if (String(value.sandbox_version) !== '18') return
      const what = 'sandbox_version is 18: it is what scripts and custom social connections run on.'
      yield { what, where: place('sandbox_version') }
    }),
  },
  {
    kind: {
      id: 'code-too-large',
      severity: 'error',
      title: 'Action over the limit of 100 kB',
      why: 'Auth0 refuses it: a deploy fails, with the types before it already changed.',
      remedy: 'Bundle less.',
      link: limits,
    },
    ...each('actions', function* ({ code }) {
      for (const { text, place } of code) {
        const bytes = Buffer.byteLength(text)
        if (bytes > maxCodeBytes) yield { what: `It has ${bytes} bytes.`, where: place }
      }
    }),
  },
  {
    kind: {
      id: 'old-post-login-trigger',
      severity: 'warning',
      title: 'Action for an old version of post-login',
      why: 'Versions 1 and 2 of the trigger are deprecated; the kit is written for 3.',
      remedy: 'Set the version of the trigger to v3.',
      link: 'https://auth0.com/docs/customize/actions/explore-triggers/signup-and-login-triggers/login-trigger',
    },
    ...each('actions', function* ({ value, place }) {
      for (const [index, trigger] of listAt(value, 'supported_triggers').entries()) {
        const version = textAt(trigger, 'version')
        if (textAt(trigger, 'id') !== 'post-login' || version === undefined || version === 'v3')
          continue
        yield { what: `It is written for ${version}.`, where: place('supported_triggers', index) }
      }
    }),
  },
]

/** Read where it is set, and of no account where it is not. */
const optional = ['MIGRATION_PHASE']
