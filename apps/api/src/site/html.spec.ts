import { load } from 'cheerio';
import { html, jsonLd, trusted } from './html.js';

it('escapes what it is given, but for its own markup', () => {
  const hostile = `<b a='1' c="2">&amp;</b>`;
  const page = html`<p title="${hostile}">${hostile}${html`<i>${1}</i>`}${[html`<u></u>`, hostile]}${null}${false}</p>`;
  const p = load(page.toString())('p');
  expect(p.attr('title')).toBe(hostile);
  expect(p.text()).toBe(`${hostile}1${hostile}`);
  expect(
    p
      .children()
      .map((_, child) => child.name)
      .get(),
  ).toEqual(['i', 'u']);
  expect(html`${trusted('<hr>')}`.toString()).toBe('<hr>');
});

it('takes out what no page should show', () => {
  expect(html`${'a\u0000\u0008\u202eb\u2066\ud800c\ufffed\n\t'}`.toString()).toBe('abcd\n\t');
});

it('writes data that cannot end its element', () => {
  const data = { headline: '</script><script>alert(1)</script><!-- & \u2028' };
  const text = load(jsonLd(data).toString(), null, false)('script').text();
  expect(text).not.toMatch(/[<>&\u2028]/);
  expect(JSON.parse(text)).toEqual(data);
});
