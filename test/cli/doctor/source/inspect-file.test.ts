import { expect, test } from 'vitest'
import type { Place } from '../../../../cli/doctor/finding.ts'
import { inspectFile } from '../../../../cli/doctor/source/inspect-file.ts'

const page = `<p>auth0</p>
<script src="https://cdn.auth0.com/js/lock/10.0/lock.min.js"></script>
<script>
fetch('https://acme.auth0.com/tokeninfo')
</script>`

const placesOf = (place: Place) => inspectFile('page.html', page, place).map(({ where }) => where)

test('inspectFile: counts the lines of a page from where it begins in its file', () => {
  expect(placesOf({ file: 'login.html' }).map(({ line }) => line)).toEqual([2, 4])
  expect(placesOf({ file: 'tenant.yaml', line: 11 }).map(({ line }) => line)).toEqual([12, 14])
})

test('inspectFile: gives no line of a page that is in no file', () => {
  expect(placesOf({ resource: 'page login' })).toEqual([
    { resource: 'page login' },
    { resource: 'page login' },
  ])
})

test('inspectFile: knows the client that Angular hands to a constructor by its type, whatever its name', () => {
  const service = (type: string) => `import { HttpClient } from '@angular/common/http'
    export class Auth { constructor(private readonly api: ${type}) {}
      check(token: string) { return this.api.post<void>('https://acme.auth0.com/tokeninfo', { id_token: token }) } }`
  const idsOf = (text: string) =>
    inspectFile('auth.service.ts', text, {}).map((one) => one.type === 'finding' && one.kind.id)
  expect(idsOf(service('HttpClient'))).toEqual(['tokeninfo-validation'])
  expect(idsOf(service('Outbox'))).toEqual([])
})

test('inspectFile: knows the service of Auth0 that Angular hands over, and no other of its name', () => {
  const component = (from: string) => `import { AuthService } from '${from}'
    export class Calendar { constructor(private auth: AuthService) {
      this.auth.user$.subscribe((user) => { this.token = user.identities[0].access_token })
      auth.idTokenClaims$.subscribe(({ identities }) => this.use(identities[0].access_token)) } }`
  const linesOf = (text: string) =>
    inspectFile('a.component.ts', text, { file: 'a' }).map(({ where }) => where.line)
  expect(linesOf(component('@auth0/auth0-angular'))).toEqual([3, 4])
  expect(linesOf(component('./auth.service'))).toEqual([])
})
