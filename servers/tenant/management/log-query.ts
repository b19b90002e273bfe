import type { JsonObject } from '../state.ts'
import { invalidQuery, type ManagementError } from './management-error.ts'

/** Whether a log is searched for. */
type Matches = (log: JsonObject) => boolean

const searchable = [
  'client_id',
  'client_name',
  'connection',
  'connection_id',
  'date',
  'description',
  'hostname',
  'ip',
  'log_id',
  'organization_id',
  'strategy',
  'strategy_type',
  'type',
  'user_agent',
  'user_id',
  'user_name',
]

/** Where a term without a field is looked for. */
const bare = ['client_name', 'connection', 'description', 'ip', 'log_id', 'type', 'user_name']

const token =
  /\s*(?:([()])|(?:(\w+):)?(?:"([^"]*)"|([[{])\s*(\S+) TO (\S+?)\s*([\]}])|([^\s()"[\]{}]*[^\s()"[\]{}:])|(?=\()))/y

interface Token {
  readonly text: string
  readonly field?: string | undefined
  readonly matchesValue?: (value: string) => boolean
}

/**
 * Auth0's subset of Lucene: terms, phrases, ranges and `*`, joined by AND, OR, NOT and parentheses.
 * Terms side by side, without an operator between them, are refused: what they mean is not documented
 * (assumption `log-terms-need-an-operator`).
 *
 * @throws {ManagementError} 400 for what is no query.
 * @see https://auth0.com/docs/deploy-monitor/logs/log-search-query-syntax
 */
export function parseLogQuery(query: string): Matches {
  const tokens = [...tokensOf(query)]
  const [matches, rest] = parseOr(tokens, undefined)
  if (rest.length > 0) throw wrong(`unexpected ${rest[0]?.text}`)
  return matches
}

type Parsed = readonly [Matches, readonly Token[]]

function parseOr(tokens: readonly Token[], field: string | undefined): Parsed {
  const [first, rest] = parseAnd(tokens, field)
  if (rest[0]?.text !== 'OR') return [first, rest]
  const [other, after] = parseOr(rest.slice(1), field)
  return [(log) => first(log) || other(log), after]
}

function parseAnd(tokens: readonly Token[], field: string | undefined): Parsed {
  const [first, rest] = parseNot(tokens, field)
  if (rest[0]?.text !== 'AND') return [first, rest]
  const [other, after] = parseAnd(rest.slice(1), field)
  return [(log) => first(log) && other(log), after]
}

function parseNot(tokens: readonly Token[], field: string | undefined): Parsed {
  if (tokens[0]?.text !== 'NOT') return parseTerm(tokens, field)
  const [matches, rest] = parseNot(tokens.slice(1), field)
  return [(log) => !matches(log), rest]
}

/** @param field Of the parentheses around it: `type:(f OR fp)`. */
function parseTerm([first, ...rest]: readonly Token[], field: string | undefined): Parsed {
  if (first === undefined) throw wrong('it ends too soon')
  const own = first.field ?? field
  if (own !== undefined && !searchable.includes(own)) throw wrong(`${own} is no searchable field`)
  const { matchesValue } = first
  if (matchesValue !== undefined) {
    const fields = own === undefined ? bare : [own]
    return [(log) => fields.some((name) => matchesValue(String(log[name] ?? ''))), rest]
  }
  const opened = first.text === '(' ? rest : rest.slice(1)
  if (first.text !== '(' && rest[0]?.text !== '(') throw wrong(`unexpected ${first.text}`)
  const [matches, after] = parseOr(opened, own)
  if (after[0]?.text !== ')') throw wrong('a parenthesis is not closed')
  return [matches, after.slice(1)]
}

function* tokensOf(query: string): Iterable<Token> {
  token.lastIndex = 0
  const text = query.trim()
  while (token.lastIndex < text.length) {
    const found = token.exec(text)
    if (found === null || found[0] === '') throw wrong('it cannot be read')
    const [, parenthesis, field, phrase, open, min = '', max = '', close, word] = found
    if (parenthesis !== undefined) yield { text: parenthesis }
    else if (phrase !== undefined)
      yield { text: phrase, field, matchesValue: (value) => value === phrase }
    else if (open !== undefined)
      yield { text: open, field, matchesValue: within(open, min, max, close) }
    else if (field === undefined && /^(?:AND|OR|NOT)$/.test(word ?? '')) yield { text: word ?? '' }
    else if (word === undefined) yield { text: `${field}:`, field }
    else yield { text: word, field, matchesValue: wildcard(word) }
  }
}

/** Fields match as a whole, in their own case. */
function wildcard(word: string): (value: string) => boolean {
  const literals = word.split('*')
  const isPrefix = literals.length === 2 && literals[1] === ''
  if (word === '*' || literals.length === 1 || isPrefix) {
    return (value) => (word === '*' ? value !== '' : matchesWhole(word, value))
  }
  if (literals.some((literal) => literal !== '' && literal.length < 3)) {
    throw wrong('a wildcard that is no suffix needs literals of 3 characters or more')
  }
  return (value) => matchesWhole(word, value)
}

function matchesWhole(word: string, value: string): boolean {
  const escaped = word
    .split('*')
    .map((literal) => literal.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${escaped.join('.*')}$`, 's').test(value)
}

/** Of a date as far as the bound goes: `2026-11` is all of November. */
function within(open: string, min: string, max: string, close: string | undefined) {
  return (value: string) => {
    if (value === '') return false
    const [low, high] = [value.slice(0, min.length), value.slice(0, max.length)]
    const above = min === '*' || (open === '[' ? low >= min : low > min)
    const below = max === '*' || (close === ']' ? high <= max : high < max)
    return above && below
  }
}

function wrong(why: string): ManagementError {
  return invalidQuery(`'${why}' on property q`)
}
