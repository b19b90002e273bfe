import type { BundleCopies } from './bundles.ts'
import type { Figure } from './figure.ts'

/**
 * The 12 kB are for code, and so for what a minifier leaves: comments, names and indentation are
 * there for whoever reads the bundle in the Dashboard, and are published with it.
 */
export function bundleSize({ sizes }: BundleCopies): readonly Figure[] {
  return sizes.flatMap(({ name, readable, minified }) => [
    { name: `minified-size-of-${name}`, value: minified, unit: 'bytes', reach: 12_000 },
    { name: `readable-size-of-${name}`, value: readable, unit: 'bytes' },
  ])
}
