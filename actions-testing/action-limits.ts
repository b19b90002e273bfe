import type { DeployedAction } from './runtime.ts'

// https://auth0.com/docs/customize/actions/limitations
const maxCodeBytes = 100_000
const maxSecretNameCharacters = 128
const maxSecretValueCharacters = 4_096
// https://auth0.com/docs/troubleshoot/customer-support/operational-policies/entity-limit-policy
const maxSecrets = 30

/**
 * Refuses an Action that no tenant would hold.
 *
 * @throws {RangeError} Names the limit, and a secret by its name; never the value of one.
 */
export function checkDeployable({ code, name, secrets }: DeployedAction): void {
  const bytes = Buffer.byteLength(code)
  if (bytes > maxCodeBytes) {
    throw new RangeError(`the Action ${name} is ${bytes} bytes; Auth0 holds ${maxCodeBytes}`)
  }
  const entries = Object.entries(secrets)
  if (entries.length > maxSecrets) {
    throw new RangeError(
      `the Action ${name} has ${entries.length} secrets; Auth0 holds ${maxSecrets}`,
    )
  }
  for (const [secret, value] of entries) {
    if (typeof value !== 'string') {
      throw new RangeError(`the secret ${secret} of the Action ${name} has to be text`)
    }
    if (secret.length > maxSecretNameCharacters || value.length > maxSecretValueCharacters) {
      throw new RangeError(
        `the secret ${secret} of the Action ${name} is too long: Auth0 holds names of ` +
          `${maxSecretNameCharacters} and values of ${maxSecretValueCharacters} characters`,
      )
    }
  }
}
