/** The page's own, and all there is: it asks nothing of any server. */
export const styles = `
:root {
  color-scheme: light dark;
  --ground: #fff; --raised: #f4f5f8; --ink: #16191f; --quiet: #555d6b; --line: #d5d9e0;
  --accent: #1d57c9; --soft: #c3d5f8; --warn: #a8480c; --focus: #0b3d9e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12151a; --raised: #1c2129; --ink: #e9ecf1; --quiet: #a5adba; --line: #353c48;
    --accent: #8fb6ff; --soft: #2b4478; --warn: #ffb07c; --focus: #cfe0ff;
  }
}
@media print {
  :root {
    --ground: #fff; --raised: #fff; --ink: #000; --quiet: #333; --line: #bbb;
    --accent: #1d57c9; --soft: #c3d5f8; --warn: #8a3a08;
  }
}
@media (forced-colors: active) {
  :root { --accent: LinkText; --soft: GrayText; --warn: LinkText; --line: CanvasText; --quiet: CanvasText; }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; letter-spacing: -.01em; }
h2 { margin: 3rem 0 .75rem; font-size: 1.2rem; line-height: 1.3; }
p { margin: .5rem 0; max-width: 44rem; }
.quiet, figcaption, .axis, dt { color: var(--quiet); }
.share { margin: 2rem 0 .5rem; font-size: 2.75rem; font-weight: 650; line-height: 1.1; letter-spacing: -.02em; }
.share small { font-size: 1rem; font-weight: 400; letter-spacing: 0; color: var(--quiet); }
.meter { display: block; border-radius: .5rem; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0 0; }
dl > div { padding: .75rem 1rem; border-radius: .5rem; background: var(--raised); }
dt { font-size: .875rem; }
dd { margin: 0; font-size: 1.35rem; font-weight: 600; }
figure { margin: 0; }
figcaption { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .25rem 0 .75rem; font-size: .875rem; }
.key { display: inline-flex; align-items: center; gap: .5rem; }
.plot { display: block; overflow: visible; }
.axis { display: flex; justify-content: space-between; max-width: none; margin: .25rem 0; font-size: .8125rem; }
.tick { fill: var(--quiet); font-size: .8125rem; paint-order: stroke; stroke: var(--ground); stroke-width: 4px; stroke-linejoin: round; }
.number { fill: var(--ink); font-size: .875rem; font-weight: 600; }
.grid { stroke: var(--line); stroke-width: 1; }
.today { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 2 3; }
.line, .ahead { fill: none; stroke: var(--accent); stroke-width: 2.5; stroke-linejoin: round; }
.ahead { stroke-dasharray: 6 5; stroke-width: 2; }
.band { fill: var(--soft); }
.bar { fill: var(--accent); }
.bar.partial { fill: var(--soft); }
.track { fill: var(--raised); }
.cause { fill: var(--warn); }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
caption { padding: .25rem 0; text-align: left; color: var(--quiet); font-size: .875rem; }
th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: normal; }
td:nth-child(2), td:nth-child(3):not(:last-child) { white-space: nowrap; }
thead th { color: var(--quiet); font-weight: 500; }
tbody th { font-weight: 500; }
.scroll { max-height: 24rem; overflow: auto; }
details { margin: .25rem 0; }
summary { padding: .4rem 0; cursor: pointer; color: var(--accent); font-size: .9375rem; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: .2rem; }
.skip { position: absolute; left: -999rem; }
.skip:focus { position: static; }
a { color: var(--accent); }
footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .875rem; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2 { break-after: avoid; }
  figure, dl, tr { break-inside: avoid; }
  .skip, details { display: none; }
  .scroll { max-height: none; overflow: visible; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`
