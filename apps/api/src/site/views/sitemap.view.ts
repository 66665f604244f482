import { html } from '../html.js';
import type { SiteAddress } from '../site-address.js';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
const namespace = 'http://www.sitemaps.org/schemas/sitemap/0.9';

/** Posts of one file. */
export function sitemap(
  address: SiteAddress,
  posts: readonly { readonly slug: string; readonly publishedAt: string }[],
): string {
  const urls = posts.map(
    ({ slug, publishedAt }) =>
      html`<url><loc>${address.absolute(address.post(slug))}</loc><lastmod>${publishedAt}</lastmod></url> `,
  );
  return declaration + html`<urlset xmlns="${namespace}"> ${urls}</urlset> `.toString();
}

/** The files of a sitemap that is too long for one. */
export function sitemapIndex(address: SiteAddress, files: number): string {
  const entries = Array.from(
    { length: files },
    (_, index) => html`<sitemap><loc>${address.absolute(address.sitemapFile(index + 1))}</loc></sitemap> `,
  );
  return declaration + html`<sitemapindex xmlns="${namespace}"> ${entries}</sitemapindex> `.toString();
}
