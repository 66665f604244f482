import type { VersionOrigin } from '../content-state.js';
import { withoutSources } from '../text/markdown-parts.js';

/** A block of Markdown that a person wrote, and the heading above it. */
export interface OwnBlock {
  readonly heading: string | null;
  readonly markdown: string;
}

/** What people changed in the versions that lead to a text, so that a refinement does not undo it. */
export interface PeoplesEdits {
  /** Blocks of the text that a person wrote. */
  readonly written: readonly OwnBlock[];
  /** Whether a person took out this sentence of a source. */
  readonly removed: (sentence: string) => boolean;
}

export const noEdits: PeoplesEdits = { written: [], removed: () => false };

interface EditedVersion {
  readonly number: number;
  readonly origin: VersionOrigin;
  readonly parent: number | null;
  readonly body: string;
}

/**
 * Reads people's edits off the history of a version.
 * @param versions of one item up to the version in question, which is the last one, by number. What the first of them
 *   says is nobody's: where the history is long, it does not begin with the first version of the item.
 */
export function editsOf(versions: readonly EditedVersion[]): PeoplesEdits {
  const current = versions.at(-1);
  if (current === undefined) return noEdits;
  const byPeople = new Set<string>();
  const seen = new Set<string>();
  const cuts: { before: string; after: string }[] = [];
  for (const { number, origin, parent, body } of versions) {
    for (const { markdown } of blocksOf(body)) {
      if (!seen.has(markdown) && origin === 'edit' && number !== versions[0].number) byPeople.add(markdown);
      seen.add(markdown);
    }
    const before = versions.find((version) => version.number === parent)?.body;
    if (origin === 'edit' && before !== undefined) cuts.push({ before: plain(before), after: plain(body) });
  }
  const text = plain(current.body);
  return {
    written: blocksOf(current.body).filter(({ markdown }) => byPeople.has(markdown)),
    removed: (sentence) => {
      const wanted = plain(sentence);
      return (
        !text.includes(wanted) && cuts.some(({ before, after }) => before.includes(wanted) && !after.includes(wanted))
      );
    },
  };
}

/** The blocks of a text without its headings and its list of sources. */
function blocksOf(body: string): OwnBlock[] {
  const blocks: OwnBlock[] = [];
  let heading: string | null = null;
  for (const markdown of withoutSources(body).split(/\n\s*\n|\n(?=#{1,6}\s)|(?<=^#{1,6}\s.*)\n/m)) {
    const named = /^#{1,6}\s+(.*)$/.exec(markdown.trim());
    if (named !== null) heading = named[1].trim();
    else if (markdown.trim() !== '') blocks.push({ heading, markdown: markdown.trim() });
  }
  return blocks;
}

/** Letters and digits alone: quotation marks and escapes differ between a source and a quotation. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
