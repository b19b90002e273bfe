import { relative } from 'node:path'

/** How a file is called in a place: with `/`, and from here where it is below. */
export function display(file: string): string {
  const near = relative('.', file)
  return (near === '' || near.startsWith('..') ? file : near).replaceAll('\\', '/')
}
