/** Markup that may stand in a page as it is: made by {@link html} or {@link trusted} alone. */
export class Html {
  constructor(private readonly markup: string) {}

  toString(): string {
    return this.markup;
  }
}

export type Part = Html | string | number | null | undefined | false | readonly Part[];

/**
 * Controls that XML does not know, halves of characters, and marks that turn the direction of writing around: with
 * those a title can look like another one, or like part of the page around it.
 */
const unwanted = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Cs}/gu;
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text without what no page should show. */
export function clean(text: string): string {
  return text.replace(unwanted, '');
}

/** Text for HTML and XML, in elements and in quoted attributes. */
export function escape(text: string): string {
  return clean(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/**
 * A template whose values are escaped, unless they are made by a template themselves. It is all that the few pages
 * need; a template engine would bring a language of its own, and unescaped values with it.
 */
export function html(pieces: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(pieces.reduce((page, piece, index) => page + shown(values[index - 1]) + piece));
}

/** Markup that was sanitised, or that is our own. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

/**
 * Data for other programs, in a page. `</script>` and the like cannot come of it: markup is written as JSON's escapes.
 * A browser runs no script of this type, so the policy that allows none does not mind it.
 */
export function jsonLd(data: object): Html {
  const json = clean(JSON.stringify(data)).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return new Html(`<script type="application/ld+json">${json}</script>`);
}

function shown(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.toString();
  if (Array.isArray(part)) return part.map(shown).join('');
  return escape(String(part));
}
