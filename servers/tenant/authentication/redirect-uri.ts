/** Adds parameters to a redirect URI, whose own query stays as it is. */
export function withParameters(
  redirectUri: string,
  parameters: Readonly<Record<string, string>>,
): string {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

/** As {@link withParameters}, where no server sees them. */
export function withFragment(
  redirectUri: string,
  parameters: Readonly<Record<string, string>>,
): string {
  const url = new URL(redirectUri)
  url.hash = new URLSearchParams(parameters).toString()
  return url.href
}
