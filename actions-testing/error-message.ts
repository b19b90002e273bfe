/** The message that reaches the application, as it does on the platform. */
export function messageOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  return 'message' in error ? String(error.message) : 'Error'
}
