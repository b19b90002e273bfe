/** Of every page. Contrast is 4.5 to 1 and more in both schemes. */
export const styles = `
:root {
  --page: #eef1f6; --card: #fff; --ink: #16202e; --muted: #4c5a6e; --line: #75839a; --rule: #dbe1ea;
  --accent: #1d4fc4; --on-accent: #fff; --alert: #a1141f; --alert-card: #fdecec;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e131b; --card: #18202c; --ink: #e9eef6; --muted: #a9b5c7; --line: #7d8ba1; --rule: #2c3849;
    --accent: #9dbbff; --on-accent: #0c1526; --alert: #ffb3b3; --alert-card: #3a1a1f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
main {
  width: 100%; max-width: 25rem; padding: 2rem; border-radius: .75rem;
  background: var(--card); box-shadow: 0 1px 3px rgb(0 0 0 / .2), 0 12px 32px rgb(0 0 0 / .1);
}
strong { color: var(--ink); }
a { color: var(--accent); }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0 0 1.25rem; color: var(--muted); overflow-wrap: anywhere; }
label { display: block; margin-bottom: .25rem; font-weight: 600; }
input {
  width: 100%; margin-bottom: 1rem; padding: .625rem .75rem; border: 1px solid var(--line);
  border-radius: .375rem; background: var(--card); color: inherit; font: inherit;
}
input[aria-invalid="true"] { border-color: var(--alert); }
button {
  width: 100%; margin-top: .5rem; padding: .75rem; border: 1px solid transparent;
  border-radius: .375rem; background: var(--accent); color: var(--on-accent);
  font: inherit; font-weight: 600; cursor: pointer;
}
h2 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
dl { margin: 0; }
dl div { padding: .5rem 0; border-top: 1px solid var(--rule); }
dl div:last-child { border-bottom: 1px solid var(--rule); }
dt { color: var(--muted); font-size: .875rem; }
dd { margin: 0; overflow-wrap: anywhere; }
ul { margin: 0 0 1rem; padding-left: 1.25rem; }
.hint { margin: -.75rem 0 1rem; font-size: .875rem; }
.aside { margin: -.5rem 0 .75rem; font-size: .875rem; text-align: right; }
.foot { margin: 1.25rem 0 0; text-align: center; }
main > :last-child { margin-bottom: 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
[role="alert"] {
  margin-bottom: 1.25rem; padding: .75rem; border-left: 4px solid var(--alert);
  border-radius: .25rem; background: var(--alert-card); color: var(--alert);
}
h1 + [role="alert"] { margin-top: 1rem; }
`
