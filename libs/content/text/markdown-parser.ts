import MarkdownIt from 'markdown-it';

/**
 * Reads Markdown as the site shows it: HTML is text like any other, and whole addresses are links. What is shown, searched
 * and judged is taken apart by this one set of rules, so that none of them knows of text that another does not.
 */
export function markdownParser(): ReturnType<typeof MarkdownIt> {
  const markdown = new MarkdownIt({ html: false, linkify: true, maxNesting: 20 });
  // Only what says that it is a link: "readme.md" is a file, not a host in Moldova.
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  // "//host/" names no scheme, so it would be no link; and many of them take time by the square of their number.
  markdown.linkify.add('//', null);
  return markdown;
}
