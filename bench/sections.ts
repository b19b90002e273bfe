import { bundleSize } from './bundle-size.ts'
import { doctorSection } from './doctor/doctor.ts'
import { evaluation } from './evaluation.ts'
import { correlatedFaults, independentFaults } from './faults.ts'
import { farFirstLogin, interruptedFirstLogin, ordinaryFirstLogin } from './first-login.ts'
import { hotPathCalls } from './hot-path-calls.ts'
import { hotPathGarbage } from './hot-path-garbage.ts'
import { hotPathTime } from './hot-path-time.ts'
import { importSection } from './import/import.ts'
import { outage } from './outage.ts'
import { publishSection } from './publish/publish.ts'
import type { Section } from './section.ts'
import { standIn } from './stand-in/stand-in.ts'
import { tokens } from './tokens.ts'

/** Everything that is measured, in this order. */
export const sections: readonly Section[] = [
  {
    name: 'hot-path',
    title: 'Hot path',
    note: 'The flow of the four Actions for a user who is done.',
    measure: async ({ copies, rounds }) => [
      ...(await hotPathCalls(copies)),
      ...(await hotPathTime(copies, rounds)),
      ...(await hotPathGarbage(copies, rounds)),
    ],
  },
  {
    name: 'cold-start',
    title: 'Cold start',
    note: 'Each bundle as published, evaluated in a new process; unrun: only read, not run.',
    measure: ({ copies, rounds }) => evaluation(copies, rounds * 5),
  },
  {
    name: 'size',
    title: 'Size',
    note: 'The reach is for minified code; what is published is the readable form.',
    measure: async ({ copies }) => bundleSize(copies),
  },
  {
    name: 'ordinary-first-login',
    title: 'Ordinary first login',
    note: 'The script has brought the metadata along; token cached, answers take 20 ms, 4 logins at once.',
    measure: ordinaryFirstLogin,
  },
  {
    name: 'interrupted-first-login',
    title: 'Interrupted first login',
    note: 'The metadata were lost; token cached, answers take 20 ms, 4 logins at once.',
    measure: interruptedFirstLogin,
  },
  {
    name: 'far-first-login',
    title: 'Interrupted first login over a network',
    note: 'TLS 1.3 over 20 ms of network and back; token cached, answers take 5 ms, 4 logins at once.',
    measure: farFirstLogin,
  },
  {
    name: 'faults',
    title: 'Faults',
    note: 'Of all attempts 1 % get 503 and 5 % an answer that is 3 s late; 40 interrupted first logins at once, 10,000 for each. The naive Action keeps its connections.',
    measure: independentFaults,
  },
  {
    name: 'correlated-faults',
    title: 'Correlated faults',
    note: 'The same, and a further attempt meets the fate of the one before with a probability of 0.5.',
    measure: correlatedFaults,
  },
  {
    name: 'outage',
    title: 'Outage',
    note: 'The legacy API takes requests and never answers, for 1,000 interrupted first logins, one by one; and for another 1,000, 40 at once.',
    measure: outage,
  },
  {
    name: 'tokens',
    title: 'Tokens',
    note: 'A new instance with an empty cache, 40 logins at once.',
    measure: tokens,
  },
  importSection,
  publishSection,
  doctorSection,
  standIn,
]
