import type { TagCount } from '@longhaul/content';
import { html, type Html } from '../html.js';
import type { Site } from './layout.js';

/** The topics of the site, as links to their posts. */
export function topics({ address }: Site, tags: readonly TagCount[]): Html {
  return html`<aside aria-labelledby="topics">
    <h2 id="topics">Topics</h2>
    <ul class="topics">
      ${tags.map(
        ({ tag, posts }) =>
          html`<li>
            <a href="${address.link(address.tag(tag))}">${tag} <span class="count">${posts}</span></a>
          </li>`,
      )}
    </ul>
  </aside>`;
}
