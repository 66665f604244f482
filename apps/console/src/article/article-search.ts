import { given, oneOf } from '../ui/search-params.js';

export const articleTabs = ['article', 'quality', 'compare', 'versions', 'history'] as const;
export type ArticleTab = (typeof articleTabs)[number];

/** What of an article is shown. */
export interface ArticleSearch {
  readonly tab?: ArticleTab;
  /** An older version to read. */
  readonly version?: number;
  /** The two versions to compare. */
  readonly from?: number;
  readonly to?: number;
  readonly view?: 'side' | 'words';
}

/** Takes from an address what it can have, and leaves out what is wrong. */
export function readArticleSearch({ tab, version, from, to, view }: Record<string, unknown>): ArticleSearch {
  return given<ArticleSearch>({
    tab: oneOf(articleTabs, tab),
    version: versionNumber(version),
    from: versionNumber(from),
    to: versionNumber(to),
    view: oneOf(['side', 'words'] as const, view),
  });
}

function versionNumber(value: unknown): number | undefined {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1_000_000 ? Number(value) : undefined;
}
