/** Part of @mozilla/readability, without types there: a DOM of plain objects that runs and loads nothing. */
declare module '@mozilla/readability/JSDOMParser.js' {
  /** What the walk over the article needs of a node. */
  export interface ArticleNode {
    readonly nodeType: number;
    readonly localName?: string;
    readonly textContent: string;
    readonly childNodes: readonly ArticleNode[];
  }

  export default class JSDOMParser {
    /** @param xhtml well-formed. */
    parse(xhtml: string, url: string): ArticleNode;
  }
}
