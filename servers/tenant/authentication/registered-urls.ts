/**
 * A URL whose hostname has one placeholder where placeholders work: http or https, in the subdomain
 * that is furthest from the root domain, of a domain that is no top-level one. A star may have
 * characters of a hostname around it, an organization's name may not.
 *
 * @see https://auth0.com/docs/get-started/applications/wildcards-for-subdomains
 */
const withPlaceholder =
  /^(https?:\/\/)(?:([a-z0-9-]*)\*([a-z0-9-]*)|\{organization_name\})((?:\.[a-z0-9-]+)+\.[a-z][a-z0-9-]*(?::\d+)?(?:[/?#][^*{]*)?)$/i

/** A label of a hostname as browsers send it: RFC 1123, section 2.1. */
const label = /^(?=.{1,63}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/

/** As the Management API takes it. */
const organizationForm = /^[a-z0-9][a-z0-9_-]*$/

/**
 * Whether a URL is one of those that were registered: one of them character for character, or one that
 * a placeholder stands for. All of it but the one label is compared as text, and the label has no
 * character with a meaning in a URL: whatever reads the URL finds the registered domain in it.
 *
 * @param organizationName Of the organization that the request is for. Null where there is none, or
 *   the setting takes no such placeholder.
 */
export function isRegistered(
  registered: readonly string[],
  url: string,
  organizationName: string | null,
): boolean {
  return registered.some((one) =>
    hasPlaceholder(one) ? stands(one, url, organizationName) : one === url,
  )
}

/** Also of one that is where it does not work: such a URL is never anybody's address. */
function hasPlaceholder(url: string): boolean {
  return /[*{]/.test(url)
}

function stands(registered: string, url: string, organizationName: string | null): boolean {
  const [, protocol = '', before, after = '', domain = ''] = withPlaceholder.exec(registered) ?? []
  if (domain === '') return false
  if (before === undefined) {
    return (
      organizationName !== null &&
      organizationForm.test(organizationName) &&
      url === `${protocol}${organizationName}${domain}` &&
      isHostOf(url, organizationName)
    )
  }
  if (!url.startsWith(protocol) || !url.endsWith(domain)) return false
  const found = url.slice(protocol.length, -domain.length)
  // The star stands for one character at least.
  const long = found.length > before.length + after.length
  const fits = long && found.startsWith(before) && found.endsWith(after)
  return fits && label.test(found) && isHostOf(url, found)
}

/** Not every label that begins with `xn--` is one: some no browser takes. */
function isHostOf(url: string, first: string): boolean {
  return URL.canParse(url) && new URL(url).hostname.startsWith(`${first}.`)
}
