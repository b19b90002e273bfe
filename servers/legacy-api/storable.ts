/** Whether PostgreSQL can hold this text: not U+0000, nor half a surrogate pair. Nothing is found under what it cannot hold. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text)
}
