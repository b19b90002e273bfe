/** Levels. Ours: room for any profile, and far from where what is kept could not be written any more. */
const deepest = 100

/** Whether a value could not be written as JSON again, or only with luck: its text may be short. */
export function isNestedTooDeep(value: unknown, levels = deepest): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  return Object.values(value).some((one) => isNestedTooDeep(one, levels - 1))
}
