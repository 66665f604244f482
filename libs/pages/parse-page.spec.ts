import parsePage, { bounds, normalizeUrl, oneLine } from './parse-page.js';

const url = 'https://site.example/dir/page?x=1';
const parse = (html: string | Buffer, contentType: string | null = 'text/html; charset=utf-8') =>
  parsePage({ body: Buffer.from(html as string), url, contentType });
/** «Привет» in windows-1251. */
const privet = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]);
/** «日本語» in Shift_JIS. */
const nihongo = Buffer.from([0x93, 0xfa, 0x96, 0x7b, 0x8c, 0xea]);
const titled = (title: Buffer, head = '') =>
  Buffer.concat([Buffer.from(`<html><head>${head}<title>`), title, Buffer.from('</title></head><body>x')]);

describe('parsing a page', () => {
  it('reads what the result promises', () => {
    const facts = parse(`<!doctype html><html lang="de-AT"><head><title> A
      title &amp; more </title><meta name="Description" content="What it is"><link rel="canonical" href="/canon#x">
      <style>p { color: red }</style></head><body><svg><title>not this</title><a href="/in-svg">s</a></svg>
      <h1>First <em>head</em>ing</h1><p>one<b>word</b> and</p><p>three – more</p><script>var no = 'words';</script>
      <a href="../up">up</a> <a href="//other.example/a?b#c">other</a> <a href="#top">top</a> <a name="none">anchor</a>
      <a href="mailto:a@b.example">mail</a> <a href="../up#again">again</a> <map><area href="area.html"></map>
      <img src="a.png"><img src="b.png"></body></html>`);
    expect(facts).toEqual({
      title: 'A title & more',
      description: 'What it is',
      canonical: 'https://site.example/canon',
      language: 'de-AT',
      counts: { h1: 1, links: 7, images: 2, words: 12 },
      h1: ['First heading'],
      links: [
        'https://site.example/in-svg',
        'https://site.example/up',
        'https://other.example/a?b',
        'https://site.example/dir/page?x=1',
        'https://site.example/dir/area.html',
      ],
      text: expect.stringContaining('oneword and') as string,
      truncated: false,
    });
  });

  it('follows <base>, and survives a broken one', () => {
    expect(parse('<base href="https://cdn.example/root/"><a href="x">x</a>').links).toEqual([
      'https://cdn.example/root/x',
    ]);
    expect(parse('<base href="http://["><a href="x">x</a>').links).toEqual(['https://site.example/dir/x']);
    expect(parse('<base href="data:text/html,"><a href="x">x</a><a href="/y">y</a>').links).toEqual([]);
  });

  it.each([
    ['the header', privet, '', 'text/html; charset=windows-1251', 'Привет'],
    ['the header, quoted', nihongo, '', 'text/html;charset="Shift_JIS"', '日本語'],
    ['<meta charset>', nihongo, '<meta charset="shift_jis">', 'text/html', '日本語'],
    [
      '<meta http-equiv>',
      privet,
      '<meta http-equiv="content-type" content="text/html; charset=cp1251">',
      null,
      'Привет',
    ],
    ['the header over <meta>', privet, '<meta charset="utf-8">', 'text/html; charset=windows-1251', 'Привет'],
    ['nothing: UTF-8', Buffer.from('Grüße'), '', 'text/html', 'Grüße'],
    ['an unknown charset', Buffer.from('Grüße'), '', 'text/html; charset=klingon', 'Grüße'],
    ['a header that lies', privet, '', 'text/html; charset=utf-8', '\uFFFD'.repeat(6)],
    ['broken bytes', Buffer.from([0x61, 0xff, 0xc3, 0x62]), '', 'text/html; charset=utf-8', 'a\uFFFD\uFFFDb'],
  ])('decodes by %s', (_by, title, head, contentType, expected) => {
    expect(parse(titled(title, head), contentType).title).toBe(expected);
  });

  it('believes a byte order mark over all', () => {
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), titled(Buffer.from('Grüße'))]);
    expect(parse(marked, 'text/html; charset=windows-1251').title).toBe('Grüße');
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('<title>Grüße</title>', 'utf16le')]);
    expect(parse(utf16, null).title).toBe('Grüße');
  });

  it.each([
    '',
    '\u0000',
    '<',
    '<html',
    '<a href=',
    '<!--',
    '<title>',
    '</p></html></body>',
    '<table><h1><tr><a href=x>',
    '%PDF-1.7 \u0001',
  ])('makes something of %j', (html) => {
    const facts = parse(html);
    expect(facts.counts.images).toBe(0);
  });

  it('keeps texts storable: no NUL, no lone surrogate, no line break, bounded', () => {
    const nasty = `a\u0000b&#0;&#xD800;c\r\n\td${'😀'.repeat(1_000)}`;
    const facts = parse(
      `<html lang="${'x'.repeat(999)}"><title>${nasty}</title><meta name=description content="${nasty}">` +
        `<body>${`<h1>${nasty}</h1>`.repeat(30)}${'<a href="/a\u0000b\ud800">'.repeat(3)}`,
    );
    expect(facts.counts.h1).toBe(30);
    expect(facts.h1.length).toBe(bounds.headings);
    expect(facts.title!.length).toBeLessThanOrEqual(2 * bounds.title);
    expect(facts.language!.length).toBeLessThanOrEqual(35);
    const json = JSON.stringify({ ...facts, text: facts.text.replaceAll('\n\n', ' ') });
    expect(json).not.toMatch(/\\u0000|\\ud[89a-f]|[\ud800-\udbff](?![\udc00-\udfff])|\\n/i);
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  });

  it('bounds the links, by number and length', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `<a href="/p${index}">`).join('');
    const facts = parse(`<a href="/${'x'.repeat(5_000)}">${many}`);
    expect(facts.counts.links).toBe(5_001);
    expect(facts.links).toHaveLength(bounds.links);
    expect(facts.links[0]).toBe('https://site.example/p0');
  });

  it.each([
    ['elements', '<i>x</i>'.repeat(200_000)],
    ['attributes', `<p ${Array.from({ length: 100 }, (_, index) => `a${index}`).join(' ')}>`.repeat(2_000)],
    ['comments', '<!---->'.repeat(200_000)],
    [
      'elements out of few tags',
      `<div>${Array.from({ length: 500 }, (_, index) => `<b id=${index}>`).join('')}</div>${'<p>x</p>'.repeat(900)}`,
    ],
    ['depth', '<div>'.repeat(10_000)],
    ['bytes', 'long text '.repeat(500_000)],
  ])('reads a page with too many %s as far as it is readable', (_what, flood) => {
    const facts = parse(`<title>Start</title><h1>Here</h1><a href="/a">a</a>${flood}<h1>End</h1>`);
    expect(facts).toMatchObject({ title: 'Start', h1: ['Here'], links: ['https://site.example/a'], truncated: true });
  });

  it('does not overflow the stack on deep nesting', () => {
    const facts = parse(`${'<b>'.repeat(300)}${'<span>'.repeat(3_000)}deep<h1>found</h1>`);
    expect(facts).toMatchObject({ h1: ['found'], counts: { words: 2 } });
  });
});

describe('the main text of a page', () => {
  const sentence =
    'Solar panels turn light into electric current, and a converter makes it fit the grid of the house. ';

  it('is the article, in paragraphs, without navigation, scripts and forms', () => {
    const { text } = parse(`<nav><ul><li><a href="/a">Home</a><li><a href="/b">Shop</a></ul></nav>
      <article><h1>How it works</h1><p>${sentence.repeat(3)}</p><h2>The <em>costs</em></h2><p>Prices &lt;fell&gt; by
      <b>half</b>. ${sentence.repeat(2)}</p><script>alert('never')</script></article><footer>Imprint</footer>`);
    expect(text).toContain(`## The costs\n\nPrices <fell> by half. ${sentence.repeat(2).trim()}`);
    expect(text).not.toMatch(/Shop|never|Imprint/);
  });

  it.each([
    ['too many elements', `<p>${sentence}</p>${'<i>x</i>'.repeat(40_000)}`],
    ['nested too deeply', `${'<div>'.repeat(3_900)}<p>${sentence}</p>`],
  ])('is all there is where a page has %s', (_what, html) => {
    expect(parse(html).text).toContain(sentence.trim());
  });

  it('is bounded, and empty where there is nothing', () => {
    expect(parse('<img src="a.png">').text).toBe('');
    const { text } = parse(`<p>${sentence.repeat(5)}</p>`.repeat(500));
    expect(text.length).toBeLessThanOrEqual(bounds.text);
    expect(text.endsWith('the house.')).toBe(true);
  });

  it('survives names that are no XML', () => {
    expect(parse(`<p a"b='1'>${sentence}<x:y<z>odd</x:y<z></p>`).text).toContain('odd');
  });
});

describe('normalizeUrl', () => {
  it.each([
    ['HTTP://Example.COM:80/a/../b#c', 'http://example.com/b'],
    ['https://example.com', 'https://example.com/'],
    ['javascript:alert(1)', null],
    ['http://', null],
  ])('%s → %s', (from, to) => {
    expect(normalizeUrl(from)).toBe(to);
  });
});

describe('oneLine', () => {
  it('cuts between characters, not inside one', () => {
    expect(oneLine('😀😀😀', 4)).toBe('😀😀😀…');
    expect(oneLine('abcdef', 4)).toBe('abc…');
    expect(oneLine('  a \n b ', 10)).toBe('a b');
  });
});
