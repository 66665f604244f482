import { html } from '../html.js';
import { document, type Site } from './layout.js';

const texts: Readonly<Record<number, { readonly title: string; readonly text: string }>> = {
  404: { title: 'There is no such page', text: 'It may have been moved, or taken down.' },
  429: { title: 'Too many requests', text: 'Please wait a moment, then try again.' },
  503: { title: 'Not available right now', text: 'Please try again in a few seconds.' },
};
const other = { title: 'This did not work', text: 'Something went wrong on our side, or with the address.' };

/** What people see instead of a problem document. */
export function errorPage(site: Site, status: number): string {
  const { address } = site;
  const { title, text } = texts[status] ?? other;
  return document(site, {
    title,
    description: text,
    main: html`<div class="narrow error">
      <p class="eyebrow">${status}</p>
      <h1 class="page-title">${title}</h1>
      <p>${text}</p>
      <p>
        <a href="${address.link(address.front)}">All articles</a> or
        <a href="${address.link(address.search)}">search</a>
      </p>
    </div>`,
  });
}
