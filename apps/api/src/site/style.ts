/** The one style sheet of the site: no script, no font and no picture is loaded beside it. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fcfbf8;
  --sheet: #f3f1ea;
  --ink: #1b1d1f;
  --soft: #5b6068;
  --line: #dedad0;
  --accent: #0b5d57;
  --mark: #ffe9a8;
  --mark-ink: #1b1d1f;
  --serif: Charter, 'Bitstream Charter', 'Sitka Text', Cambria, Georgia, serif;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
  --mono: ui-monospace, 'Cascadia Code', 'Source Code Pro', Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a;
    --sheet: #1d2125;
    --ink: #e6e3dc;
    --soft: #a2a7ae;
    --line: #31363c;
    --accent: #6ccabf;
    --mark: #5a4a12;
    --mark-ink: #fff3cf;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0;
  min-height: 100vh;
  display: flex;
  flex-direction: column;
  background: var(--paper);
  color: var(--ink);
  font: 1.0625rem/1.6 var(--sans);
  overflow-wrap: break-word;
}
main { flex: 1; padding-block: 2.5rem 4rem; }
.wide, .narrow { width: 100%; margin-inline: auto; padding-inline: 1.25rem; }
.wide { max-width: 70rem; }
.narrow { max-width: 44rem; }
a { color: var(--accent); text-underline-offset: 0.18em; text-decoration-thickness: 0.06em; }
a:focus-visible, button:focus-visible, input:focus-visible, [tabindex]:focus-visible {
  outline: 3px solid var(--accent);
  outline-offset: 2px;
  border-radius: 3px;
}
h1, h2, h3, h4, h5, h6 { font-family: var(--serif); line-height: 1.2; text-wrap: balance; margin: 0; }
.hidden {
  position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.skip { position: absolute; left: 1rem; top: -4rem; padding: 0.5rem 1rem; background: var(--accent); color: var(--paper); z-index: 1; }
.skip:focus { top: 0.5rem; }

.masthead { border-bottom: 1px solid var(--line); }
.masthead .wide { display: flex; flex-wrap: wrap; align-items: center; gap: 0.75rem 2rem; padding-block: 0.9rem; }
.wordmark { font: 700 1.5rem/1.2 var(--serif); letter-spacing: -0.01em; color: var(--ink); text-decoration: none; }
.wordmark:hover { color: var(--accent); }
.search { display: flex; flex: 0 1 20rem; margin-inline-start: auto; min-width: 0; }
.search input {
  flex: 1; min-width: 0; font: inherit; font-size: 1rem; padding: 0.4rem 0.85rem; color: var(--ink); background: var(--sheet);
  border: 1px solid var(--line); border-inline-end: 0; border-radius: 2rem 0 0 2rem; appearance: none;
}
.search input::placeholder { color: var(--soft); opacity: 1; }
.search button {
  font: inherit; font-size: 0.95rem; padding: 0.4rem 1rem; color: var(--paper); background: var(--accent);
  border: 1px solid var(--accent); border-radius: 0 2rem 2rem 0; cursor: pointer;
}

.when, .eyebrow { margin: 0 0 0.4rem; color: var(--soft); font-size: 0.875rem; }
.eyebrow { text-transform: uppercase; letter-spacing: 0.08em; font-weight: 600; font-size: 0.8rem; color: var(--accent); }
.page-title { font-size: clamp(1.9rem, 1.4rem + 2vw, 2.6rem); margin-bottom: 1.75rem; }
.lead { border-bottom: 1px solid var(--line); padding-bottom: 2.25rem; margin-bottom: 2.25rem; }
.lead h2 { font-size: clamp(2rem, 1.3rem + 3.2vw, 3.4rem); letter-spacing: -0.015em; max-width: 22ch; }
.lead h2 + p { font: 1.25rem/1.55 var(--serif); color: var(--soft); max-width: 40rem; margin: 0.9rem 0 0; }
h2 > a, .related li > a { color: inherit; text-decoration: none; }
h2 > a:hover, .related li > a:hover { color: var(--accent); text-decoration: underline; }

.columns { display: grid; gap: 3rem; }
.columns > * { min-width: 0; }
@media (min-width: 60rem) { .columns:has(> aside) { grid-template-columns: minmax(0, 1fr) 15rem; gap: 4.5rem; } }
.posts { list-style: none; margin: 0; padding: 0; }
.posts > li + li { border-top: 1px solid var(--line); margin-top: 1.75rem; padding-top: 1.75rem; }
.posts h2 { font-size: 1.5rem; }
.posts h2 + p { margin: 0.45rem 0 0; color: var(--soft); max-width: 40rem; }
.tags, .topics { list-style: none; display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0.9rem 0 0; padding: 0; }
.tags a, .topics a {
  display: inline-block; max-width: 100%; padding: 0.2rem 0.7rem; border-radius: 1rem; background: var(--sheet);
  color: var(--ink); font-size: 0.85rem; text-decoration: none; border: 1px solid var(--line);
}
.tags a:hover, .topics a:hover { border-color: var(--accent); color: var(--accent); }
aside h2 { font: 600 0.8rem/1.4 var(--sans); text-transform: uppercase; letter-spacing: 0.08em; color: var(--soft); }
.count { color: var(--soft); font-variant-numeric: tabular-nums; }
.more { margin-top: 2.5rem; padding-top: 1.5rem; border-top: 1px solid var(--line); font-weight: 600; }
.more a { display: inline-block; padding-block: 0.25rem; }
.nothing, .note { color: var(--soft); }
.note { padding: 0.75rem 1rem; background: var(--sheet); border-inline-start: 3px solid var(--accent); margin: -0.5rem 0 2rem; }
mark { background: var(--mark); color: var(--mark-ink); border-radius: 2px; padding-inline: 0.1em; }

.post > header { margin-bottom: 2.25rem; padding-bottom: 2rem; border-bottom: 1px solid var(--line); }
.post h1 { font-size: clamp(2rem, 1.4rem + 2.8vw, 3rem); letter-spacing: -0.015em; }
.standfirst { font: 1.25rem/1.55 var(--serif); color: var(--soft); margin: 0.9rem 0 0; }
.prose { font: 1.1875rem/1.7 var(--serif); }
.prose > :first-child { margin-top: 0; }
.prose p, .prose ul, .prose ol, .prose blockquote, .prose pre, .prose .scroll { margin: 1.15em 0; }
.prose h2, .prose h3, .prose h4, .prose h5, .prose h6 { margin: 1.9em 0 0.6em; }
.prose h2 { font-size: 1.65rem; }
.prose h3 { font-size: 1.35rem; }
.prose h4, .prose h5, .prose h6 { font-size: 1.15rem; }
.prose ul, .prose ol { padding-inline-start: 1.4em; }
.prose li + li { margin-top: 0.4em; }
.prose li > p { margin: 0.5em 0; }
.prose li > ul, .prose li > ol { margin: 0.4em 0; }
.prose blockquote { margin-inline: 0; padding-inline-start: 1.25rem; border-inline-start: 3px solid var(--accent); color: var(--soft); font-style: italic; }
.prose code { font: 0.85em/1.5 var(--mono); background: var(--sheet); padding: 0.1em 0.35em; border-radius: 4px; }
.prose pre { background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.15rem; overflow-x: auto; }
.prose pre code { background: none; padding: 0; }
.prose hr { border: 0; border-top: 1px solid var(--line); margin: 2.5em auto; width: 40%; }
.scroll { overflow-x: auto; }
.prose table { border-collapse: collapse; font: 0.95rem/1.5 var(--sans); min-width: 100%; }
.prose th, .prose td { text-align: start; padding: 0.5rem 0.9rem; border-bottom: 1px solid var(--line); vertical-align: top; }
.prose :is(th, td):first-child { padding-inline-start: 0; }
.prose th { border-bottom-color: var(--soft); }
.post > footer { margin-top: 3rem; }
.sources { border-top: 1px solid var(--line); padding-top: 1.5rem; font-size: 0.95rem; }
.sources h2, .related h2 { font: 600 0.8rem/1.4 var(--sans); text-transform: uppercase; letter-spacing: 0.08em; color: var(--soft); }
.sources ol { padding-inline-start: 1.4em; margin: 0.75rem 0 0; }
.sources li + li { margin-top: 0.4em; }
.host { color: var(--soft); font-size: 0.85rem; }
.related { margin-top: 3.5rem; }
.related ul { list-style: none; margin: 0.5rem 0 0; padding: 0; }
.related li { padding-block: 0.9rem; border-top: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; justify-content: space-between; align-items: baseline; font: 600 1.15rem/1.35 var(--serif); }
.related .when { font: 0.875rem/1.4 var(--sans); margin: 0; white-space: nowrap; }
.error { text-align: center; padding-block: 4rem; }

.colophon { border-top: 1px solid var(--line); background: var(--sheet); font-size: 0.9rem; color: var(--soft); }
.colophon .wide { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; justify-content: space-between; padding-block: 1.5rem; }
.colophon p { margin: 0; max-width: 40rem; }
.colophon strong { color: var(--ink); margin-inline-end: 0.4em; }
.colophon nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
@media (max-width: 34rem) {
  main { padding-block: 1.75rem 3rem; }
  .search { flex: 1 1 100%; }
  .prose { font-size: 1.125rem; }
  .related li { flex-direction: column; }
}
@media print {
  .masthead .search, .colophon, .related, .skip { display: none; }
}
`;
