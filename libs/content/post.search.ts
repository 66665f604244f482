import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { preparedQuery } from '@longhaul/persistence';
import { summaryColumns, type PostSummary } from './published-post.js';
import { publicLanguages } from './public-languages.js';
import { searchWords, type SearchWords } from './search-words.js';
import { TitleSpelling } from './title-spelling.js';

/** A piece of a snippet; `match`: it is what was looked for. */
export interface SnippetPart {
  readonly text: string;
  readonly match: boolean;
}

export interface FoundPost extends PostSummary {
  readonly snippet: readonly SnippetPart[];
}

/** Where a page of results ended. */
export interface SearchPosition {
  /** Whether it ended among the posts that match by nothing but their text. */
  readonly byText: boolean;
  /** PostgreSQL's real, as text. */
  readonly rank: string;
  readonly itemId: string;
}

export interface SearchPage {
  readonly posts: readonly FoundPost[];
  readonly next: SearchPosition | null;
  /** What was looked for instead, since nothing has the words as they were typed. */
  readonly corrected: string | null;
}

interface FoundRow extends PostSummary {
  itemId: string;
  rank: string;
  byText: boolean;
  headline: string;
}

/** Posts of a language that are looked at for what they have in their text alone. */
const mostByText = 1_000;
/** Between the words of a phrase, in the text of a query. */
const distance = '<(-|[0-9]+)>';

/** Around a match in a headline: characters for private use, which no text has (they are taken out of it). */
const open = '\ue000';
const close = '\ue001';
const headline = `StartSel=${open}, StopSel=${close}, MaxFragments=2, MaxWords=24, MinWords=12, FragmentDelimiter=" … "`;
/** Characters of a post in which its snippet is looked for: those around the longest word that was typed. */
const headlineOf = 2_000;
const headlineBefore = 400;
/** Characters in which that word is looked for. */
const headlineWithin = 50_000;
/** Of D, C, B and A: nothing, text, headings, title. */
const weights = '{0.05, 0.15, 0.45, 1.0}';

/**
 * Each language with its query: the words by their stems, the words as they are written (found in titles and headings),
 * and the words with the last one as a beginning. What is asked of an index has the word of the language besides. And the
 * same without the order of phrases: the index knows no order, so each post that has all words of a phrase must be read.
 */
const queries = `
  ${publicLanguages}, typed AS (
    SELECT language, websearch_to_tsquery(language, $1) AS stems, websearch_to_tsquery('simple', $2) AS forms,
           websearch_to_tsquery(language, $3) && to_tsquery('simple', CASE WHEN $4 = '' THEN '' ELSE $4 || ':*' END) AS begun,
           quote_literal(word_of_language(language))::tsquery AS in_language
    -- As an array: the planner thinks of few languages then, and does not compile the statement for many.
    FROM unnest(ARRAY(SELECT language FROM languages WHERE language IS NOT NULL)) AS language
  ), together AS (
    SELECT in_language, CASE WHEN stems = forms THEN stems ELSE stems || forms END || begun AS query FROM typed
  ), queries AS MATERIALIZED (
    SELECT query, query && in_language AS asked, query::text ~ '${distance}' AS has_phrase,
           in_language && CASE WHEN query::text ~ '!' THEN query
                          ELSE regexp_replace(query::text, '${distance}', '&', 'g')::tsquery END AS loose
    FROM together WHERE numnode(query) > 0
  )`;

/**
 * First what matches by title, headings or description, ranked by those. Where that fills no page, what matches by its
 * text besides, ranked by all of it. OFFSET leaves the planner no index but that of the words; only the rows of the page
 * are read whole.
 */
export const searchSql = `
  WITH RECURSIVE ${queries}, front AS MATERIALIZED (
    SELECT item_id, query, rank FROM queries, LATERAL (
      SELECT item_id, ts_rank('${weights}', search_front, queries.query) AS rank
      FROM published_posts WHERE search_front @@ queries.asked OFFSET 0) post
  ), first AS MATERIALIZED (
    SELECT item_id, query, rank FROM front
    WHERE NOT $5::boolean AND ($6::real IS NULL OR (rank, item_id) < ($6::real, $7::uuid))
    ORDER BY rank DESC, item_id DESC LIMIT $8
  ), by_text AS (
    SELECT item_id, query, ts_rank('${weights}', search, query, 1) AS rank FROM queries, LATERAL (
      SELECT item_id, search FROM published_texts
      WHERE search @@ queries.loose AND (SELECT count(*) FROM first) < $8 LIMIT ${mostByText} OFFSET 0) post
    WHERE CASE WHEN has_phrase THEN search @@ query ELSE true END AND item_id NOT IN (SELECT item_id FROM front)
  ), page AS MATERIALIZED (
    SELECT *, row_number() OVER (ORDER BY "byText", rank DESC, item_id DESC) AS place FROM (
      SELECT item_id, query, rank, false AS "byText" FROM first
      UNION ALL
      SELECT item_id, query, rank, true FROM by_text
      WHERE NOT $5::boolean OR (rank, item_id) < ($6::real, $7::uuid)) result
    ORDER BY place LIMIT $8
  )
  SELECT ${summaryColumns('post')}, page.item_id AS "itemId", page.rank::text AS rank, page."byText",
         -- The last row only says that there is another page.
         CASE WHEN place < $8 THEN ts_headline(post.language, translate(near.text, '${open}${close}', ''), page.query,
                                               '${headline}') ELSE '' END AS headline
  FROM page JOIN published_posts post USING (item_id), LATERAL (
    SELECT left(post.plain_text, ${headlineWithin}) AS text) whole, LATERAL (
    SELECT substr(whole.text, CASE WHEN length(whole.text) <= ${headlineOf} THEN 1
                                   ELSE greatest(1, strpos(lower(whole.text), $9) - ${headlineBefore}) END, ${headlineOf})) near (text)
  ORDER BY page.place`;

/** Full-text search over what is public, in the language of each post. */
@Injectable()
export class PostSearch {
  private readonly spelling: TitleSpelling;

  constructor(private readonly source: DataSource) {
    this.spelling = new TitleSpelling(source);
  }

  /**
   * The best results first; when there are none, those of the nearest words that titles have.
   * @param typed as in search engines: words, "a phrase", or, -without.
   */
  async search(typed: string, limit: number, after?: SearchPosition): Promise<SearchPage> {
    const none: SearchPage = { posts: [], next: null, corrected: null };
    const words = searchWords(typed);
    if (words === null) return none;
    const found = await this.page(words, limit, after);
    if (found.posts.length > 0 || after !== undefined) return found;
    const corrected = await this.spelling.correct(words);
    const other = corrected === null ? null : searchWords(corrected);
    if (other === null) return none;
    const instead = await this.page(other, limit);
    return instead.posts.length === 0 ? none : { ...instead, corrected };
  }

  private async page(words: SearchWords, limit: number, after?: SearchPosition): Promise<SearchPage> {
    const { text, literal, before, begun } = words;
    const position = [after?.byText ?? false, after?.rank ?? null, after?.itemId ?? null];
    const rows = await preparedQuery<FoundRow>(this.source.manager, searchSql, [
      ...[text, literal, before, begun],
      ...position,
      limit + 1,
      beginningOf(words),
    ]);
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      posts: rows.slice(0, limit).map(({ itemId: _id, rank: _rank, byText: _text, headline: marked, ...summary }) => ({
        ...summary,
        snippet: snippetOf(marked),
      })),
      next: last === undefined ? null : { byText: last.byText, rank: last.rank, itemId: last.itemId },
      corrected: null,
    };
  }
}

/** How other forms of the longest word begin, too. */
function beginningOf({ words }: SearchWords): string {
  const longest = words.reduce((one, other) => (other.length > one.length ? other : one), '');
  return longest.slice(0, Math.max(4, longest.length - 3));
}

/** Takes a headline apart at its marks, so that it can be shown as text: nothing in it is markup. */
function snippetOf(marked: string): SnippetPart[] {
  return marked.split(open).flatMap((piece, index) => {
    if (index === 0) return piece === '' ? [] : [{ text: piece, match: false }];
    const [match = '', rest = ''] = piece.split(close, 2);
    return [{ text: match, match: true }, ...(rest === '' ? [] : [{ text: rest, match: false }])];
  });
}
