import type { Section } from '../section.ts'
import { flowsInProcess } from './flows.ts'
import { passwordLogins } from './password-logins.ts'

/** The stand-in tenant and the harness, against the other stand-in that runs Rules. */
export const standIn: Section = {
  name: 'stand-in',
  title: 'Stand-in tenant and test harness',
  note: 'Logins of users who are done, the four Actions in warm workers, against @simulacrum/auth0-simulator 0.11.4 with one Rule: TLS, 10 connections, three tokens each. The stand-in checks a bcrypt hash of cost 4, the simulator compares the password as it is. Flows are those of one process, one after the other: warm, modules are kept; fresh, they are loaded for each login. Installs the simulator: needs the npm registry.',
  byNameOnly: true,
  measure: async (bench) => [...(await passwordLogins(bench)), ...(await flowsInProcess(bench))],
}
