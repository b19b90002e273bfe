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
