/** Auth0 keeps addresses of database users in lower case. Unicode's default, never a locale's. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase()
}
