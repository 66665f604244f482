import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { preparedQuery } from '@longhaul/persistence';
import { summaryColumns, type PostSummary } from './published-post.js';
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
  /** Whether results are ranked by their whole text, or by title, headings and description alone. */
  readonly fine: boolean;
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
  fine: boolean;
  headline: string;
}

/** So many results by title, headings or description are enough; up to so many are ranked by their whole text. */
const enough = 200;
/** Results of a language by nothing but their text. */
const mostByText = 1_000;
/** Posts of a language that are looked through for a phrase. */
const mostPhrases = 3_000;
/** Between the words of a phrase, in the text of a query. */
const distance = '<(-|[0-9]+)>';

/** Around a match in a headline: characters for private use, which no text has (they are taken out of it). */
const open = '\ue000';
const close = '\ue001';
const headline = `StartSel=${open}, StopSel=${close}, MaxFragments=2, MaxWords=24, MinWords=12, FragmentDelimiter=" … "`;
/** Characters of a post in which its snippet is looked for. */
const headlineOf = 8_000;
/** Of D, C, B and A: nothing, text, headings, title. */
const weights = '{0.05, 0.15, 0.45, 1.0}';

/**
 * Each language with its query: the words by their stems, the words as they are written (found in titles and headings),
 * and the words with the last one as a beginning. And the same without the order of phrases: the index knows no order,
 * so each post that has all words of a phrase must be read.
 */
const queries = `
  languages AS (
    (SELECT language FROM published_posts ORDER BY language LIMIT 1)
    UNION ALL
    SELECT (SELECT next.language FROM published_posts next WHERE next.language > last.language ORDER BY next.language LIMIT 1)
    FROM languages last WHERE last.language IS NOT NULL
  ), typed AS (
    SELECT language, websearch_to_tsquery(language, $1) || websearch_to_tsquery('simple', $2)
           || (websearch_to_tsquery(language, $3) && to_tsquery('simple', CASE WHEN $4 = '' THEN '' ELSE $4 || ':*' END)) AS query
    -- As an array: the planner thinks of few languages then, and does not compile the statement for many.
    FROM unnest(ARRAY(SELECT language FROM languages WHERE language IS NOT NULL)) AS language
  ), queries AS MATERIALIZED (
    SELECT language, query, query::text ~ '${distance}' AS has_phrase,
           CASE WHEN query::text ~ '!' THEN query ELSE regexp_replace(query::text, '${distance}', '&', 'g')::tsquery END AS loose
    FROM typed
  )`;

/** Posts that match in this vector, of the language of the query: OFFSET and IS NOT DISTINCT FROM leave the planner no other index. */
const matching = (vector: 'search' | 'search_front', query: string, most: string) => `
      SELECT post.item_id, post.search, ts_rank('${weights}', post.search_front, queries.query) AS rank
      FROM published_posts post
      WHERE post.${vector} @@ ${query} AND post.language IS NOT DISTINCT FROM queries.language ${most} OFFSET 0`;

/**
 * First what matches by title, headings or description; where that is little, also what matches by its text. All of it
 * is ranked: if it is little by the whole text, else by what stands in front. Only the rows of the page are read whole.
 * A position keeps to the ranking that it came from.
 */
export const searchSql = `
  WITH RECURSIVE ${queries}, front AS MATERIALIZED (
    SELECT item_id, query, rank FROM queries, LATERAL (${matching('search_front', 'queries.query', '')}) post
  ), whole AS MATERIALIZED (
    SELECT item_id, query, rank FROM queries, LATERAL (
      SELECT item_id, rank
      FROM (${matching('search', 'queries.loose', `AND (SELECT count(*) FROM front) < ${enough} LIMIT ${mostPhrases}`)}) post
      WHERE CASE WHEN queries.has_phrase THEN post.search @@ queries.query ELSE true END LIMIT ${mostByText}) match
  ), found AS MATERIALIZED (
    SELECT * FROM front UNION ALL SELECT * FROM whole WHERE item_id NOT IN (SELECT item_id FROM front)
  ), how AS MATERIALIZED (
    SELECT coalesce($5::boolean, (SELECT count(*) FROM found) <= ${enough}) AS fine
  ), ranked AS (
    SELECT item_id, query, rank FROM found WHERE NOT (SELECT fine FROM how)
    UNION ALL
    SELECT item_id, query, whole.rank FROM found, LATERAL (
      SELECT ts_rank('${weights}', post.search, found.query, 1) AS rank FROM published_posts post
      WHERE post.item_id = found.item_id OFFSET 0) whole
    WHERE (SELECT fine FROM how)
  ), page AS MATERIALIZED (
    SELECT item_id, query, rank FROM ranked
    WHERE $6::real IS NULL OR (rank, item_id) < ($6::real, $7::uuid)
    ORDER BY rank DESC, item_id DESC LIMIT $8
  )
  SELECT ${summaryColumns('post')}, page.item_id AS "itemId", page.rank::text AS rank, (SELECT fine FROM how) AS fine,
         ts_headline(post.language, translate(left(post.plain_text, ${headlineOf}), '${open}${close}', ''), page.query,
                     '${headline}') AS headline
  FROM page JOIN published_posts post USING (item_id)
  ORDER BY page.rank DESC, page.item_id DESC`;

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
    const position = [after?.fine ?? null, after?.rank ?? null, after?.itemId ?? null];
    const rows = await preparedQuery<FoundRow>(this.source.manager, searchSql, [
      ...[text, literal, before, begun],
      ...position,
      limit + 1,
    ]);
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      posts: rows.slice(0, limit).map(({ itemId: _id, rank: _rank, fine: _fine, headline: marked, ...summary }) => ({
        ...summary,
        snippet: snippetOf(marked),
      })),
      next: last === undefined ? null : { fine: last.fine, rank: last.rank, itemId: last.itemId },
      corrected: null,
    };
  }
}

/** Takes a headline apart at its marks, so that it can be shown as text: nothing in it is markup. */
function snippetOf(marked: string): SnippetPart[] {
  return marked.split(open).flatMap((piece, index) => {
    if (index === 0) return piece === '' ? [] : [{ text: piece, match: false }];
    const [match = '', rest = ''] = piece.split(close, 2);
    return [{ text: match, match: true }, ...(rest === '' ? [] : [{ text: rest, match: false }])];
  });
}
