import type { Namespace } from './api-method.ts'
import { name, number, oneOf, text, textOrNull } from './argument-checks.ts'
import type { LoginTurn } from './login-state.ts'

const lifetimeAndMetadata: Namespace<LoginTurn> = {
  setExpiresAt: { parameters: [['absolute', number]] },
  setIdleExpiresAt: { parameters: [['inactivity', number]] },
  setMetadata: {
    parameters: [
      ['key', name],
      ['value', textOrNull],
    ],
  },
  deleteMetadata: { parameters: [['key', name]] },
  evictMetadata: { parameters: [] },
}

/** Methods that are checked and recorded, and of which nothing is modelled. */
export const recordedMethods = {
  refreshToken: lifetimeAndMetadata,
  // Rules have ended: none runs before a login.
  rules: { wasExecuted: { parameters: [['ruleId', text]], run: () => false } },
  session: {
    ...lifetimeAndMetadata,
    setCookieMode: { parameters: [['mode', oneOf('non-persistent', 'persistent')]] },
  },
} satisfies Readonly<Record<string, Namespace<LoginTurn>>>
