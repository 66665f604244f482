import type { ContentSource } from './version-hash.js';

/** A source with what it says. */
export interface SourceMaterial extends ContentSource {
  /** Paragraphs with empty lines between them; headings as `## …`. */
  readonly text: string;
}

/** A source at its place among those that were given or found, from 1; one that could not be read leaves a gap. */
export interface PlacedMaterial extends SourceMaterial {
  readonly place: number;
}

/** Whether a source that a client gave is an address, and not a text. */
export function isSourceUrl(source: string): boolean {
  return /^https?:\/\/\S+$/i.test(source.trim());
}

/** Whether a source looks like an address, but names no page: of another scheme, or of none, or without a host. */
export function isBrokenUrl(source: string): boolean {
  const word = source.trim();
  return !isSourceUrl(word) && /^(?:[a-z][a-z0-9+.-]*:\/\/|www\.|[\w-]+(?:\.[\w-]+)+(?::\d+)?\/)\S*$/i.test(word);
}

/** The paragraphs of a source, without its headings. */
export function proseOf({ text }: SourceMaterial): string {
  return text
    .split('\n\n')
    .filter((paragraph) => !paragraph.startsWith('## '))
    .join('\n\n');
}
