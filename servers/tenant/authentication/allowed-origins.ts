/**
 * The origins of addresses that were registered, with their placeholders. What else an address has is
 * not looked at, and one that is not of the web has none.
 *
 * @param addresses As an application has them: `web_origins`, `callbacks` and their like.
 */
export function originsOf(addresses: unknown): readonly string[] {
  if (!Array.isArray(addresses)) return []
  return addresses.flatMap((address: unknown) => {
    if (typeof address !== 'string' || !URL.canParse(address)) return []
    // `origin` of a URL says the same, and is a text without meaning for other protocols.
    const { host, protocol } = new URL(address)
    return protocol === 'https:' || protocol === 'http:' ? [`${protocol}//${host}`] : []
  })
}
