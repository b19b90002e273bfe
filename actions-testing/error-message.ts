/** The message that reaches the application, as it does on the platform. Never throws itself. */
export function messageOf(error: unknown): string {
  try {
    if (typeof error !== 'object' || error === null) return String(error)
    return 'message' in error ? String(error.message) : 'Error'
  } catch {
    // A getter or a Proxy, which throws when it is read, would otherwise be no denial but a crash.
    return 'Error'
  }
}

/** What kind of error it says it is. Never throws itself. */
export function nameOf(error: unknown): string {
  try {
    if (typeof error !== 'object' || error === null) return 'Error'
    return 'name' in error ? String(error.name) : 'Error'
  } catch {
    return 'Error'
  }
}
