const plain = new Intl.NumberFormat('en')
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const day = new Intl.DateTimeFormat('en-GB', {
  ...{ day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' },
})

/** `12,345` */
export function grouped(number: number): string {
  return plain.format(number)
}

/** `12.3K`, for axes. */
export function compact(number: number): string {
  return short.format(number)
}

/** `61.2 %`. Never 100 % while one is left, nor 0 % when one has come. */
export function percentage(part: number, whole: number): string {
  if (whole === 0) return '–'
  const tenths = Math.floor((part / whole) * 1000)
  if (tenths === 0 && part > 0) return '< 0.1 %'
  return `${(tenths / 10).toFixed(tenths % 10 === 0 ? 0 : 1)} %`
}

/** `21 Nov 2026` */
export function longDate(date: string): string {
  return day.format(Date.parse(date))
}
