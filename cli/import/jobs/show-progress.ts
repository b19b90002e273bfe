import type { JobRun } from './job-run.ts'

/**
 * Users an hour that Auth0 takes on its fastest plan, with two jobs of full files.
 * https://community.auth0.com/t/increase-the-number-of-concurrent-user-import-job-for-enterprise-tenants/112785
 */
const fastestPlan = 400_000

type Shown = Pick<JobRun, 'now' | 'progress' | 'total'>

/**
 * Tells how far the jobs are, how fast, and how long it takes still.
 *
 * @param before Users of the source whom earlier runs have brought to an end.
 */
export function showProgress(
  { now, progress, total }: Shown,
  before: number,
): { add(users: number): void } {
  const startedAt = now()
  let done = before
  const report = () => {
    const seconds = (now() - startedAt) / 1_000
    const rate = seconds > 0 ? (done - before) / seconds : 0
    const pace = `${rate.toFixed(0)} a second, of ${Math.floor(fastestPlan / 3_600)} that Auth0's fastest plan takes`
    const left = rate > 0 && done < total ? `, ${duration((total - done) / rate)} left` : ''
    progress.report({ what: 'imported', done, total, unit: 'users', note: `${pace}${left}` })
  }
  report()
  return {
    add(users) {
      done += users
      report()
    },
  }
}

function duration(seconds: number): string {
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
