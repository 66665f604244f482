import type { Pool } from 'pg';
import { Random } from '../../support/random.js';

/** Posts written by one statement. */
const atOnce = 500;
const wordsOfText = 500;
const stopWords = ['the', 'of', 'and', 'to', 'a', 'in', 'is', 'that', 'for', 'it', 'with', 'as', 'on', 'be', 'by'];
const syllables =
  'ba be bi bo ka ke ki ko la le li lo ma me mi mo na ne ni no ra re ri ro sa se ta te ti to va ve zu'.split(' ');

/** In real text the most frequent words are stop words; the n-th of the others is about as rare as the (n + 60)-th word. */
const ranksOfStopWords = 60;

/** Made-up words in the proportions of real text. */
class Vocabulary {
  private readonly words: readonly string[];

  constructor(
    private readonly random: Random,
    count = 20_000,
  ) {
    const made = new Set<string>();
    while (made.size < count) {
      made.add(Array.from({ length: random.whole(2, 4) }, () => random.pick(syllables)).join(''));
    }
    this.words = [...made];
  }

  /** The n-th most frequent one. */
  at(rank: number): string {
    return this.words[rank];
  }

  word(): string {
    const { length } = this.words;
    const rank = ranksOfStopWords * ((length + ranksOfStopWords) / ranksOfStopWords) ** this.random.next();
    return this.words[Math.min(length - 1, Math.floor(rank - ranksOfStopWords))];
  }

  text(words: number): string {
    return Array.from({ length: words }, () =>
      this.random.chance(0.4) ? this.random.pick(stopWords) : this.word(),
    ).join(' ');
  }
}

/** Publishes posts of 500 words as a publication does, one a minute until now. */
export async function makePosts(sql: Pool, count: number): Promise<void> {
  const random = new Random(5);
  const vocabulary = new Vocabulary(random);
  const indexAgain = await dropWordIndexes(sql);
  for (let first = 0; first < count; first += atOnce) {
    const posts = Array.from({ length: Math.min(atOnce, count - first) }, (_, index) => {
      const number = first + index;
      const headings = Array.from({ length: 4 }, () => vocabulary.text(4));
      const text = vocabulary.text(wordsOfText);
      return {
        slug: `post-${number}`,
        title: `${vocabulary.text(6)} ${vocabulary.word()}`,
        description: vocabulary.text(20),
        headings: headings.join('\n'),
        plain_text: text,
        body: headings.map((heading) => `## ${heading}\n\n${text.slice(0, text.length / 4)}`).join('\n\n'),
        tags: [`tag-${number % 50}`],
        language: number % 10 === 0 ? 'german' : 'english',
        minutes: count - number,
      };
    });
    await sql.query(
      `WITH post AS (
         SELECT gen_random_uuid() AS id, * FROM jsonb_to_recordset($1) AS post (slug text, title text, description text,
           headings text, plain_text text, body text, tags text[], language text, minutes integer)
       ), item AS (
         INSERT INTO content_items (id, owner_id, topic, format, language, tags, brief, slug)
         SELECT id, 'bench', title, 'blog_post', language::regconfig, tags, '{}', slug FROM post
       )
       INSERT INTO published_posts (item_id, version, slug, title, seo_title, description, keywords, body, headings, plain_text,
         sources, tags, format, language, first_published_at, published_at)
       SELECT id, 1, slug, title, title, description, '{}', body, headings, plain_text, '[]', tags, 'blog_post',
              language::regconfig, now() - make_interval(mins => minutes), now() FROM post`,
      [JSON.stringify(posts)],
    );
  }
  await indexAgain();
  await sql.query('VACUUM (ANALYZE) published_posts, published_texts, title_words');
}

/** An index of words is made of many posts at once in a fraction of the time. @returns what makes them again. */
async function dropWordIndexes(sql: Pool): Promise<() => Promise<void>> {
  const { rows } = await sql.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE tablename IN ('published_posts', 'published_texts', 'title_words') AND indexdef LIKE '%USING gin%'`,
  );
  for (const { name } of rows) await sql.query(`DROP INDEX ${name}`);
  const definitions = rows.map(({ definition }) => definition);
  return async () => void (await sql.query([`SET maintenance_work_mem = '1GB'`, ...definitions].join(';')));
}

/** What people type, by how they look for something; each list is long enough that no answer of it is a repeated one. */
export function searches(perKind: number): Readonly<Record<string, readonly string[]>> {
  const vocabulary = new Vocabulary(new Random(5));
  const random = new Random(6);
  const many = (make: (number: number) => string) => Array.from({ length: perKind }, (_, number) => make(number));
  const rare = () => vocabulary.at(random.whole(2_000, 19_999));
  return {
    'one word': many(() => vocabulary.at(random.whole(50, 19_999))),
    'two words': many(() => `${vocabulary.at(random.whole(0, 500))} ${rare()}`),
    'the most frequent words': many((number) => `${vocabulary.at(number % 40)} ${vocabulary.at(random.whole(0, 40))}`),
    'a phrase': many(() => `"${vocabulary.at(random.whole(0, 200))} ${vocabulary.at(random.whole(0, 200))}"`),
    'a word half typed': many(() => rare().slice(0, 5)),
    'a misspelt word': many(() => rare().replace(/^(..)(.)(.)/, '$1$3$2')),
  };
}
