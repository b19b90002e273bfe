import type { Check } from './check.ts'
import { deniesLogins } from './denying-code.ts'
import {
  customDatabases,
  isKitAction,
  kitActions,
  postLogin,
  wantedActions,
} from './kit-actions.ts'

const flow =
  'https://auth0.com/docs/customize/actions/explore-triggers/signup-and-login-triggers/login-trigger'

/** The Actions of the kit run, in their order, for everybody. */
export const bindingChecks: readonly Check[] = [
  {
    kind: {
      id: 'migration-action-missing',
      severity: 'error',
      title: 'Action of the kit that is not there',
      why: 'What it does is not done: the legacy audience is open (protect-legacy-audience), metadata stay lost (backfill-metadata), deleted users come back (mark-migrated), tokens lack claims (copy-metadata).',
      remedy:
        'Publish the whole kit; or, where you mean to do without one, say so by leaving none of the four.',
      link: flow,
    },
    reads: ['actions'],
    *find(view) {
      const actions = view.section('actions') ?? []
      if (!actions.some(isKitAction)) return
      const wanted = wantedActions(actions)
      const missing = wanted.filter((name) => !actions.some((action) => action.name === name))
      for (const name of missing)
        yield { what: `There is no Action ${name}.`, where: { resource: `action ${name}` } }
    },
  },
  {
    kind: {
      id: 'migration-unattended',
      severity: 'warning',
      title: 'Lazy migration without an Action that looks after it',
      why: 'A login that is interrupted loses metadata, and a user who is deleted, or changes the e-mail address, is brought back by the legacy store; Auth0 asks for an Action against each.',
      remedy: 'Publish the kit; where Actions of your own do this, there is nothing to do.',
      link: 'https://auth0.com/docs/manage-users/user-migration/configure-automatic-migration-from-your-database',
    },
    reads: ['actions', 'databases'],
    *find(view) {
      if ((view.section('actions') ?? []).some(isKitAction)) return
      for (const { value, place } of customDatabases(view)) {
        if ((value.options as { import_mode?: unknown } | undefined)?.import_mode !== true) continue
        yield {
          what: 'import_mode is on, and none of the kit’s Actions is there.',
          where: place('options', 'import_mode'),
        }
      }
    },
  },
  {
    kind: {
      id: 'action-not-bound',
      severity: 'error',
      title: 'Action of the kit that is not bound to post-login',
      why: 'An Action that is not bound does not run, and nothing says so.',
      remedy:
        'Bind the four in this order: protect-legacy-audience, backfill-metadata, mark-migrated, copy-metadata.',
      link: flow,
    },
    reads: ['actions', 'triggers'],
    *find(view) {
      const bound = postLogin(view)?.names ?? []
      for (const action of view.section('actions') ?? []) {
        if (!isKitAction(action) || bound.includes(action.name)) continue
        yield { what: 'It is not among the bindings of post-login.', where: action.place('name') }
      }
    },
  },
  {
    kind: {
      id: 'actions-out-of-order',
      severity: 'error',
      title: 'Actions of the kit in another order',
      why: 'Whoever may not have a token has to be turned away before anything is asked; a user is marked once the metadata are there; and claims are set of metadata that have been filled.',
      remedy:
        'Bind protect-legacy-audience, backfill-metadata, mark-migrated, copy-metadata, in this order; others may stand between.',
      link: flow,
    },
    reads: ['triggers'],
    *find(view) {
      const flowOf = postLogin(view)
      if (flowOf === null) return
      const ranks = flowOf.names.map((name) => kitActions.indexOf(name))
      for (const [index, rank] of ranks.entries()) {
        const later = ranks.slice(0, index).find((earlier) => earlier > rank)
        if (rank === -1 || later === undefined) continue
        const what = `${kitActions[rank]} runs after ${kitActions[later]}.`
        yield { what, where: flowOf.trigger.place('bindings', index) }
      }
    },
  },
  {
    kind: {
      id: 'action-behind-denial',
      severity: 'warning',
      title: 'Action of the kit behind one that denies logins',
      why: 'Auth0 runs no Action after a denial, but the user has been imported by then: whoever is always denied is never marked, and comes back from the legacy store when deleted.',
      remedy: 'Bind the Actions of the kit first, or accept it for those who are denied.',
      link: 'https://auth0.com/docs/actions/reference/post-login/post-login-api-object',
    },
    reads: ['actions', 'triggers'],
    *find(view) {
      const flowOf = postLogin(view)
      if (flowOf === null) return
      const last = flowOf.names.findLastIndex((name) => kitActions.includes(name))
      for (const [index, name] of flowOf.names.slice(0, Math.max(last, 0)).entries()) {
        if (kitActions.includes(name)) continue
        const action = view.section('actions')?.find((one) => one.name === name)
        const where = flowOf.trigger.place('bindings', index)
        const denies = (action?.code ?? []).map(({ text }) => deniesLogins(text))
        if (denies.includes(true)) yield { what: `${name} may deny, and runs before them.`, where }
        else if (denies.length === 0 || denies.includes(null)) {
          yield { because: `the code of ${name} does not parse, or is not there`, where }
        }
      }
    },
  },
]
