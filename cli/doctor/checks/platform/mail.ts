import { migrationNamed } from '../../migrations/find-migration.ts'
import { at } from '../../tenant/shape.ts'
import type { TenantView } from '../../tenant/tenant-view.ts'
import { type Check, each } from '../check.ts'

export const mailChecks: readonly Check[] = [
  {
    kind: migrationNamed('email-from-address'),
    reads: ['emailProvider', 'emailTemplates'],
    *find(view) {
      if (hasProvider(view)) return
      for (const { value, place } of view.section('emailTemplates') ?? []) {
        if (value.enabled === false || !isText(value.from)) continue
        yield { what: 'It has a from, and there is no email provider.', where: place('from') }
      }
    },
  },
  {
    kind: migrationNamed('email-template-customization'),
    reads: ['emailProvider', 'emailTemplates'],
    *find(view) {
      if (hasProvider(view)) return
      for (const { value, place } of view.section('emailTemplates') ?? []) {
        const member = ['body', 'subject'].find((name) => isText(value[name]))
        if (value.enabled === false || member === undefined) continue
        const what = `It has a ${member} of its own, and there is no email provider.`
        yield { what, where: place(member) }
      }
    },
  },
  {
    kind: migrationNamed('smtp-host-without-password'),
    ...each('emailProvider', function* ({ value, place }) {
      const { credentials } = value
      const host = ['smtp_host', 'smtp_port', 'smtp_user'].find(
        (name) => at(credentials, name) !== undefined,
      )
      if (value.name !== 'smtp' || host === undefined) return
      if (isText(at(credentials, 'smtp_pass'))) return
      yield { what: `It has ${host} without smtp_pass.`, where: place('credentials', host) }
    }),
  },
]

/** One that is off is none: Auth0’s built-in one sends. */
function hasProvider(view: TenantView): boolean {
  return (view.section('emailProvider') ?? []).some(
    ({ value }) => isText(value.name) && value.enabled !== false,
  )
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
