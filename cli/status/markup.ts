const entities: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
}

/** Text as it may stand in HTML, between tags or in quotes. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
}

export interface DataTable {
  readonly caption: string
  readonly columns: readonly string[]
  /** The first cell of a row names it, the others are numbers. */
  readonly rows: readonly (readonly string[])[]
}

/** A table that a screen reader can read by rows and columns. */
export function table({ caption, columns, rows }: DataTable): string {
  const head = columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('')
  const body = rows.map(([name = '', ...cells]) => {
    const numbers = cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')
    return `<tr><th scope="row">${escaped(name)}</th>${numbers}</tr>`
  })
  return `<table><caption>${escaped(caption)}</caption><thead><tr>${head}</tr></thead><tbody>
${body.join('\n')}
</tbody></table>`
}

/** A table to be opened, which scrolls by itself, with the keyboard too. */
export function foldedTable(data: DataTable): string {
  return `<details><summary>${escaped(data.caption)}: the numbers</summary>
<div class="scroll" role="region" tabindex="0" aria-label="${escaped(data.caption)}">
${table(data)}
</div></details>`
}
