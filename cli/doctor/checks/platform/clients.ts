import { migrationNamed } from '../../migrations/find-migration.ts'
import { at, listAt, textAt, textsAt } from '../../tenant/shape.ts'
import { type Check, each } from '../check.ts'

export const clientChecks: readonly Check[] = [
  {
    kind: migrationNamed('organization-prompt-without-sso'),
    ...each('clients', function* ({ value, place }) {
      if (value.organization_usage !== 'require') return
      if (value.organization_require_behavior !== 'pre_login_prompt') return
      const what =
        'organization_usage is require and organization_require_behavior pre_login_prompt.'
      yield { what, where: place('organization_require_behavior') }
    }),
  },
  {
    kind: migrationNamed('third-party-enhanced-security'),
    ...each('clients', function* ({ value, place }) {
      if (value.is_first_party !== false || value.third_party_security_mode !== undefined) return
      yield {
        what: 'It is a third-party application that does not say its third_party_security_mode.',
        where: place('is_first_party'),
      }
    }),
  },
  {
    kind: migrationNamed('third-party-enhanced-security'),
    ...each('tenant', function* ({ value, place }) {
      if (at(value, 'flags', 'enable_dynamic_client_registration') !== true) return
      if (value.dynamic_client_registration_security_mode !== undefined) return
      yield {
        what: 'Anybody may register an application, and dynamic_client_registration_security_mode is not said.',
        where: place('flags', 'enable_dynamic_client_registration'),
      }
    }),
  },
  {
    kind: migrationNamed('unconfirmed-non-verifiable-callbacks'),
    ...each(
      'clients',
      function* ({ value, place }, _settings, view) {
        const decided = 'skip_non_verifiable_callback_uri_confirmation_prompt'
        const [ofTenant] = view.section('tenant') ?? []
        if ([ofTenant?.value[decided], value[decided]].some((one) => typeof one === 'boolean'))
          return
        for (const [index, callback] of listAt(value, 'callbacks').entries()) {
          if (!isNonVerifiable(callback, value.app_type === 'native')) continue
          const what = 'A callback is a custom scheme or a loopback address.'
          yield { what, where: place('callbacks', index) }
        }
      },
      ['clients', 'tenant'],
    ),
  },
  {
    kind: migrationNamed('private-key-jwt-audience'),
    ...each('clients', function* ({ value, place }) {
      if (at(value, 'client_authentication_methods', 'private_key_jwt') === undefined) return
      yield {
        what: 'It authenticates by private_key_jwt: see what it sends as aud.',
        where: place('client_authentication_methods', 'private_key_jwt'),
      }
    }),
  },
  {
    kind: migrationNamed('cross-origin-authentication'),
    ...each('clients', function* ({ value, place }) {
      if (value.cross_origin_auth !== true || value.cross_origin_authentication !== undefined)
        return
      yield { what: 'It has cross_origin_auth alone.', where: place('cross_origin_auth') }
    }),
  },
  {
    kind: migrationNamed('secret-encoded'),
    ...each('clients', function* ({ value, place }) {
      if (at(value, 'jwt_configuration', 'secret_encoded') !== true) return
      if (textAt(value, 'jwt_configuration', 'alg')?.startsWith('RS') === true) return
      yield {
        what: 'jwt_configuration.secret_encoded is true.',
        where: place('jwt_configuration', 'secret_encoded'),
      }
    }),
  },
  managementScope('connection-options-scopes', 'read:connections', 'read:connections_options'),
  managementScope('connection-options-scopes', 'update:connections', 'update:connections_options'),
  managementScope('role-assignment-scope', 'read:roles', 'create:role_members', 'update:users'),
]

/** A grant for the Management API that has what used to be enough, and not what is. */
function managementScope(migration: string, has: string, lacks: string, and = has): Check {
  return {
    kind: migrationNamed(migration),
    ...each('clientGrants', function* ({ value, place }) {
      const scopes = textsAt(value, 'scope')
      if (textAt(value, 'audience')?.endsWith('/api/v2/') !== true) return
      if (!scopes.includes(has) || !scopes.includes(and) || scopes.includes(lacks)) return
      yield { what: `It has ${has} without ${lacks}.`, where: place('scope') }
    }),
  }
}

/**
 * A loopback address of a native application is where it listens. Of another it is where somebody
 * develops, who can confirm a login.
 */
function isNonVerifiable(callback: unknown, native: boolean): boolean {
  if (typeof callback !== 'string') return false
  const [, scheme = '', host = ''] = /^([a-z][a-z\d+.-]*):(?:\/\/([^/?#]*))?/i.exec(callback) ?? []
  if (scheme === '') return false
  if (!/^https?$/i.test(scheme)) return true
  return native && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(host)
}
