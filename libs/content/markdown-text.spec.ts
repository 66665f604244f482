import { textOf } from './markdown-text.js';

test('headings and text come without markup, and HTML as it is written', () => {
  const markdown = [
    '# The *moon*',
    'It [pulls](https://example.org) the `sea`,\ntwice ![a day](x.png).',
    '- one\n- **two**',
    'Sea\n---',
    '```js\ncode();\n```',
    '| sign | ~~when~~ |\n| --- | --- |\n| age | 5 min |',
    '<script>alert(1)</script>',
    'A <b>bold</b> word &amp; more.',
  ].join('\n\n');
  expect(textOf(markdown)).toEqual({
    headings: 'The moon\nSea',
    plainText: [
      'The moon',
      'It pulls the sea,\ntwice a day.',
      'one',
      'two',
      'Sea',
      'code();',
      'sign',
      'when',
      'age',
      '5 min',
      '<script>alert(1)</script>',
      'A <b>bold</b> word & more.',
    ].join('\n\n'),
  });
});

test('what is written between tags is shown by the site, so it is searched', () => {
  expect(textOf('<div>\nHidden treasure\n</div>').plainText).toBe('<div>\nHidden treasure\n</div>');
});
