import { load } from 'cheerio';
import { renderMarkdown } from './render-markdown.js';

it('makes plain markup of ordinary text, with headings below the one of the page', () => {
  const page = load(
    renderMarkdown('# A\n\n## B\n\nSome *text* with `code`.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n3. three'),
  );
  expect(
    page('h2')
      .map((_, heading) => page(heading).text())
      .get(),
  ).toEqual(['A', 'B']);
  expect(page('h1')).toHaveLength(0);
  expect([page('em').text(), page('code').text(), page('td').length, page('ol').attr('start')]).toEqual([
    'text',
    'code',
    2,
    '3',
  ]);
  expect(page('div.scroll[role=region][tabindex=0] > table')).toHaveLength(1);
});

it('gives no link a recommendation or a window', () => {
  const page = load(
    renderMarkdown('[a](https://example.org/x?y=1&z=2) <https://example.com> https://example.net/ readme.md'),
  );
  const links = page('a')
    .map((_, link) => [[page(link).attr('href'), page(link).attr('rel')]])
    .get();
  expect(links).toEqual(
    ['https://example.org/x?y=1&z=2', 'https://example.com', 'https://example.net/'].map((href) => [
      href,
      'nofollow noopener',
    ]),
  );
});

it.each(['[rel *x*](/site)', '[rel *x*](site)', '[rel *x*](//example.org)', '[rel *x*](#a)'])(
  'makes plain text of %s, which leads nowhere',
  (text) => {
    expect(renderMarkdown(`See ${text}.`)).toBe('<p>See rel <em>x</em>.</p>\n');
  },
);

/** Elements and attributes that may come out, whatever goes in. */
const elements = new Set(
  'h2 h3 h4 h5 h6 p br hr blockquote ul ol li pre code strong em s a div table thead tbody tr th td'.split(' '),
);
const attributes = new Set(['href', 'rel', 'start', 'tabindex', 'class', 'role', 'aria-label']);

it.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\nscript:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](&#x6A&#x61vascript:alert(1))',
  '[x](vbscript:msgbox)',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '![x](data:image/svg+xml;base64,PHN2Zy8+)',
  '![x](https://tracker.example/pixel.gif)',
  '<javascript:alert(1)>',
  '[x]: javascript:alert(1)\n\n[x]',
  '[x](https://e.example "\" onmouseover=alert(1) a=\"")',
  '[x](https://e.example/"onmouseover="alert(1))',
  '`<script>`\n\n```"><script>alert(1)</script>\n<script>\n```',
  '<style>@import url(//evil.example)</style><link rel=stylesheet href=//evil.example>',
  '<form action=//evil.example><input name=q></form>',
  '<base href=//evil.example><meta http-equiv=refresh content="0;url=//evil.example">',
  '</div></article></main><h1>Ours</h1>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<a href="//evil.example" target=_blank class=masthead id=main style="position:fixed">x</a>',
  '[x](//evil.example)',
])('lets nothing through: %j', (text) => {
  const page = load(renderMarkdown(text), null, false);
  page('*').each((_, element) => {
    if (!('attribs' in element)) throw new Error('This is no element.');
    expect(elements).toContain(element.name);
    for (const name of Object.keys(element.attribs)) expect(attributes).toContain(name);
    if (element.attribs.href !== undefined) expect(element.attribs.href).toMatch(/^(https?:\/\/|mailto:)/);
  });
});

it.each([
  ['quotes', '>'.repeat(50_000)],
  ['lists', Array.from({ length: 3_000 }, (_, depth) => `${'  '.repeat(depth)}- x`).join('\n')],
  ['brackets', '['.repeat(50_000)],
  ['emphasis', '*a **a '.repeat(20_000)],
  ['links', '[a]('.repeat(20_000)],
  ['addresses without a scheme', '//a.b/'.repeat(33_000)],
  ['addresses', 'http://a.b '.repeat(18_000)],
  ['images', '!['.repeat(100_000)],
  ['tables', `|a|b|\n|-|-|\n${'|1|2|\n'.repeat(33_000)}`],
  ['backticks', Array.from({ length: 1_000 }, (_, count) => '`'.repeat(count + 1)).join(' ')],
])('is quick with hostile %s, and nests little', (_name, text) => {
  const startedAt = performance.now();
  const html = renderMarkdown(text);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  let depth = 0;
  let deepest = 0;
  for (const [, close] of html.matchAll(/<(\/?)(?!br|hr)[a-z]/g)) {
    depth += close === '/' ? -1 : 1;
    deepest = Math.max(deepest, depth);
  }
  expect(deepest).toBeLessThan(60);
});

it('takes marks out that turn the direction of writing around, and keeps other scripts', () => {
  expect(renderMarkdown('user\u202etxt.exe \u2066x\u2069 \u0000')).toBe('<p>usertxt.exe x</p>\n');
  expect(renderMarkdown('שלום עולם')).toBe('<p>שלום עולם</p>\n');
});
