/** Brackets within brackets. People write a tenth of it; at some thousands the parser ends the process. */
const mostBrackets = 1_000
/** Operators of one expression that each hold the rest of it: `a = b = …`, `a ? b : c ? …`. */
const mostNested = 2_000
/** Any operators of one expression: a sum is as deep as it is long. */
const mostOperators = 20_000
/** Closing tags, and words that hold what comes next: as deep as there are many, at most. */
const mostWords = 10_000

const holdingWord =
  /\b(?:await|delete|do|else|extends|for|if|new|typeof|void|while|with|yield)\b|<\//g

/**
 * Whether code may be nested so deeply that parsing it overflows the stack. oxc-parser does not throw
 * then: the process is gone. Texts and comments count like code, so that it is never too late.
 */
export function isTooDeep(text: string): boolean {
  let brackets = 0
  let nested = 0
  let operators = 0
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at)
    if ('([{'.includes(char)) brackets += 1
    else if (')]}'.includes(char)) brackets = Math.max(0, brackets - 1)
    if (',;}'.includes(char)) nested = operators = 0
    else if ('*<=?`'.includes(char)) nested += 1
    else if ('!&+-.:@|~'.includes(char)) operators += 1
    if (brackets > mostBrackets || nested > mostNested || operators > mostOperators) return true
  }
  return hasMoreThan(mostWords, text, holdingWord)
}

function hasMoreThan(most: number, text: string, pattern: RegExp): boolean {
  let count = 0
  for (const _ of text.matchAll(pattern)) {
    count += 1
    if (count > most) return true
  }
  return false
}
