import { expectThat, type Probe } from '../../probe.ts'

export const nullAppTypeRefused: Probe = {
  id: 'null-app-type-refused',
  assumption:
    'PATCH of an application refuses `null` for `app_type`, and so for whatever the reference does not say can be null.',
  async run({ application, manage }) {
    const { client_id } = await application()
    const { status } = await manage('PATCH', `clients/${client_id}`, { app_type: null })
    return expectThat(status === 400, `null is answered ${status}`)
  },
}
