import type { RawAnswer } from './send.js';

/** A hostile request for a page of the public site; `{slug}` is that of a post. */
export interface SiteCase {
  readonly title: string;
  /** GET unless named. */
  readonly method?: string;
  readonly path: string;
  readonly status: readonly number[];
}

const [found, none] = [[200], [404]];
const search = (text: string): string => `/site/search?q=${encodeURIComponent(text)}`;

/** A cursor of the search as the api makes it, but of a rank that no result has. */
export const cursorOfRank = (rank: string): string =>
  Buffer.from(`s:f:${rank}:01970000-0000-7000-8000-000000000000`).toString('base64url');

export const siteCases: readonly SiteCase[] = [
  { title: 'a post', path: '/site/posts/{slug}', status: found },
  { title: 'HEAD of a post', method: 'HEAD', path: '/site/posts/{slug}', status: found },
  { title: 'POST to a post', method: 'POST', path: '/site/posts/{slug}', status: [405] },
  { title: 'a post with a query', path: '/site/posts/{slug}?__proto__[x]=1&a=%00', status: found },
  { title: 'NUL behind a slug', path: '/site/posts/{slug}%00', status: none },
  { title: 'a path upwards', path: '/site/posts/..%2f..%2ftasks', status: none },
  { title: 'a slug of 10,000 characters', path: `/site/posts/${'a'.repeat(10_000)}`, status: none },
  { title: 'a slug with SQL', path: `/site/posts/${encodeURIComponent("' OR 1=1 --")}`, status: none },
  { title: 'a slug that is no UTF-8', path: '/site/posts/%ff', status: [400] },
  { title: 'a slug in capitals', path: '/site/posts/TIDES', status: none },
  { title: 'a tag', path: '/site/tags/tides', status: found },
  { title: 'a tag with wildcards', path: '/site/tags/%25', status: none },
  { title: 'a tag with braces of an array', path: `/site/tags/${encodeURIComponent('{tides}')}`, status: none },
  { title: 'a tag with marks that turn writing around', path: '/site/tags/%E2%80%AEtides', status: none },
  { title: 'a search', path: search('moon'), status: found },
  { title: 'a search with markup', path: search('<script>alert(1)</script> moon'), status: found },
  { title: 'a search with operators of a tsquery', path: search("moon & ! ( | <-> 'x':*ABCD"), status: found },
  { title: 'a search for the word of a language', path: search("' 13001'"), status: found },
  { title: 'a search with NUL', path: '/site/search?q=moon%00', status: found },
  { title: 'a search with a lone half of a character', path: '/site/search?q=%ED%A0%80', status: found },
  { title: 'a search of 8,000 words', path: `/site/search?q=${'a+'.repeat(4_000)}`, status: found },
  { title: 'a search for nothing but a prefix', path: search('t'), status: found },
  { title: 'a search for an object', path: '/site/search?q[$ne]=1', status: found },
  { title: 'two searches', path: '/site/search?q=moon&q=tides', status: found },
  { title: 'a cursor with SQL', path: `${search('moon')}&after=czonIE9SIDE9MQ`, status: none },
  {
    title: 'a cursor of another list',
    path: `/site?after=${Buffer.from('s:f:1:x').toString('base64url')}`,
    status: none,
  },
  ...['9e99', '9e38', '9e-99', '1e-46'].map((rank) => ({
    title: `a cursor with a rank of ${rank}`,
    path: `${search('moon')}&after=${cursorOfRank(rank)}`,
    status: none,
  })),
  { title: 'a part of the sitemap that is not', path: '/site/sitemap/99999.xml', status: none },
  { title: 'a style sheet that is not', path: '/site/style-000000000000.css', status: none },
  { title: 'a path below the site', path: '/site/%2e%2e/tasks', status: none },
];

/** @throws Error (of expect) unless it is a page, or what else the site serves, and gives nothing away. */
export function expectSitePage(
  { status, headers, text, took }: RawAnswer,
  { status: expected, method }: SiteCase,
): void {
  expect(expected).toContain(status);
  expect(took).toBeLessThan(4_000);
  // Refused before anything knew that it is about a page.
  if (status === 405) return;
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(headers).not.toHaveProperty('set-cookie');
  expect(text).not.toMatch(/<script>|node_modules|\bSELECT\b|syntax error|relation "|postgres/);
  expect(text === '').toBe(method === 'HEAD');
}
