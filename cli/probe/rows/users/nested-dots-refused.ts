import { expectThat, type Probe } from '../../probe.ts'

export const nestedDotsRefused: Probe = {
  id: 'nested-dots-refused',
  assumption: 'Field names with `.` or `$` are refused below the root of metadata too.',
  async run({ manage, user }) {
    const { id } = await user()
    const statusOf = async (key: string) => {
      const body = { app_metadata: { nested: { [key]: 1 } } }
      return (await manage('PATCH', `users/${encodeURIComponent(id)}`, body)).status
    }
    const [dot, dollar] = [await statusOf('a.b'), await statusOf('a$b')]
    return expectThat(dot >= 400 && dollar >= 400, `a dot is answered ${dot}, a dollar ${dollar}`)
  },
}
