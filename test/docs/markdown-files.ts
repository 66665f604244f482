import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A document of the project; the path is relative to its root. */
export interface Document {
  readonly path: string;
  readonly text: string;
}

/** README.md and everything below docs/. */
export function documents(): Document[] {
  const inDocs = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  const paths = ['README.md', ...inDocs.map((name) => join('docs', name))];
  return paths.map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

/** The text without its blocks and spans of code. */
export function proseOf(text: string): string {
  return text.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, '');
}

/** Anchors of a document's headings, as code hosts make them. */
export function anchorsOf(text: string): string[] {
  const headings = [...text.replace(/^```.*?^```$/gms, '').matchAll(/^#+ (.*)$/gm)];
  return headings.map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

/** Blocks of code in one language, in the section of a heading of the second level. */
export function codeBlocks(text: string, section: string, language: string): string[] {
  const [, part = ''] = new RegExp(`^## ${section}$(.*?)(?=^## |$(?![^]))`, 'ms').exec(text) ?? [];
  return [...part.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, code]) => code);
}
