import { ruleContext } from '../../../actions-testing/rule-login.ts'
import type { RulesRun } from '../../../actions-testing/rules-run.ts'
import type { Tenant, User } from '../state.ts'
import { type LoginAttempt, postLoginEvent } from './post-login-event.ts'

/**
 * A login under the names of Rules. The user has no metadata object where there is no metadata.
 *
 * @see https://auth0.com/docs/customize/rules/user-object-in-rules
 */
export function ruleLogin(
  tenant: Tenant,
  attempt: LoginAttempt,
  user: User,
): Pick<RulesRun, 'context' | 'user'> {
  const event = postLoginEvent(tenant, attempt, user)
  const { app_metadata, user_metadata, ...profile } = event.user
  const { organization } = event
  return {
    user: {
      ...profile,
      ...(Object.keys(app_metadata).length > 0 && { app_metadata }),
      ...(Object.keys(user_metadata).length > 0 && { user_metadata }),
    },
    context: { ...ruleContext(event), ...(organization !== undefined && { organization }) },
  }
}
