/** As deploy-cli has them: `##NAME##`, `@@NAME@@`. */
const keyword = /##([\w.-]+)##|@@([\w.-]+)@@/g

export type KeywordValues = Readonly<Record<string, string | undefined>>

/** The names of all placeholders in a value, at any depth, arrays and keys included. Sorted. */
export function keywordsIn(value: unknown): readonly string[] {
  const names = new Set<string>()
  collect(value, names)
  return [...names].sort()
}

function collect(value: unknown, names: Set<string>): void {
  if (typeof value === 'string') {
    for (const [, plain, quoted] of value.matchAll(keyword)) names.add(plain ?? quoted ?? '')
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      collect(key, names)
      collect(member, names)
    }
  }
}

/** A value with its placeholders replaced; one without a value stays, for `keywordsIn` to find. */
export function replaceKeywords<Value>(value: Value, values: KeywordValues): Value {
  if (typeof value === 'string') return replaceIn(value, values) as Value
  if (Array.isArray(value)) return value.map((one) => replaceKeywords(one, values)) as Value
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, member]) => [
    replaceIn(key, values),
    replaceKeywords(member, values),
  ])
  return Object.fromEntries(entries) as Value
}

function replaceIn(text: string, values: KeywordValues): string {
  return text.replaceAll(keyword, (whole, plain?: string, quoted?: string) => {
    const name = plain ?? quoted ?? ''
    return (Object.hasOwn(values, name) ? values[name] : undefined) ?? whole
  })
}
