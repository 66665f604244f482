import { applyPatch } from 'diff';
import fc from 'fast-check';
import { diffVersions } from './version-diff.js';

const version = (number: number, body: string) => ({ number, title: 'Tides', body, seo: null, tags: [] });
const diff = (from: string, to: string) => diffVersions(version(1, from), version(2, to));
const left = (runs: ReturnType<typeof diff>['runs'], out: 'insert' | 'delete') =>
  runs.flatMap(({ op, text }) => (op === out ? [] : [text])).join('');

test('a diff gives both texts back, as runs and as a patch', () => {
  const text = fc
    .array(fc.constantFrom('the ', 'moon', ' pulls', '\n', 'é', '- ', '\r\n', '@@ ', '\\'))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (from, to) => {
      const { runs, unified } = diff(from, to);
      expect([left(runs, 'insert'), left(runs, 'delete')]).toEqual([from, to]);
      expect(unified === '' ? from : applyPatch(from, unified, { autoConvertLineEndings: false })).toBe(to);
    }),
  );
});

test('texts that have nothing in common are compared as a whole, and do not keep the process busy', () => {
  const text = (seed: string) => Array.from({ length: 20_000 }, (_, n) => `${seed}${n}\n`).join('');
  const [from, to] = [text('a'), text('b')];
  const started = performance.now();
  const { runs, unified, granularity } = diff(from, to);
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(granularity).toBe('whole');
  expect([left(runs, 'insert'), left(runs, 'delete')]).toEqual([from, to]);
  expect(applyPatch(from, unified)).toBe(to);
});

test('fields that differ are named with both values', () => {
  const seo = { title: 'Tides', description: 'The moon.', keywords: ['moon'] };
  const from = { number: 1, title: 'Tides', body: '', seo: null, tags: ['sea'] };
  const to = { number: 2, title: 'Tides', body: '', seo, tags: ['moon', 'sea'] };
  expect(diffVersions(from, to).fields).toEqual([
    { field: 'tags', from: ['sea'], to: ['moon', 'sea'] },
    { field: 'seo.title', from: null, to: 'Tides' },
    { field: 'seo.description', from: null, to: 'The moon.' },
    { field: 'seo.keywords', from: null, to: ['moon'] },
  ]);
});
