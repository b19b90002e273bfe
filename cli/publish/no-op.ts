/** True for a bundle of the kit that finds nobody: its head names the sources it was built from. */
export function isNoOp(code: unknown): boolean {
  return typeof code === 'string' && /^\/\/ Sources: .*\/no-op\//m.test(code.slice(0, 2_000))
}
