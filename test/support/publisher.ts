import { createHash, randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { siteChannel } from '@longhaul/content/testing';

/** A post to publish; what is left out is made up. */
export interface PostToPublish {
  readonly slug: string;
  readonly title?: string;
  readonly seoTitle?: string;
  readonly description?: string;
  /** Markdown. */
  readonly body?: string;
  readonly headings?: string;
  readonly plainText?: string;
  readonly tags?: readonly string[];
  readonly keywords?: readonly string[];
  readonly language?: string;
  readonly sources?: readonly object[];
  /** Minutes ago. */
  readonly age?: number;
}

type State = 'DRAFT' | 'AWAITING_APPROVAL' | 'APPROVED' | 'REJECTED' | 'PUBLISHED' | 'UNPUBLISHED';

/** Writes content and what is public of it by SQL, in the transactions in which the service writes them. */
export class Publisher {
  private readonly pool: Pool;

  constructor(databaseUrl: string) {
    this.pool = new Pool({ connectionString: databaseUrl, max: 2 });
    // Connections are cut when the database is dropped.
    this.pool.on('error', () => undefined);
  }

  /** Content that is not public. @returns its id. */
  async keep(post: PostToPublish, state: Exclude<State, 'PUBLISHED'>): Promise<string> {
    const id = randomUUID();
    await this.together([this.itemOf(id, post, state)]);
    return id;
  }

  /** @returns the id of the item. */
  async publish(post: PostToPublish, { notify = true } = {}): Promise<string> {
    const id = randomUUID();
    const { body = 'A text.', plainText = body, headings = '' } = post;
    const item = this.itemOf(id, post, 'PUBLISHED');
    const copy: [string, unknown[]] = [
      `INSERT INTO published_posts (item_id, version, slug, title, seo_title, description, keywords, body, headings,
         plain_text, sources, tags, format, language, first_published_at, published_at)
       VALUES ($1, 1, $2, $3, $13, $4, $5, $6, $7, $8, $9, $10, 'blog_post', $11, now() - make_interval(mins => $12), now())`,
      [
        ...[
          id,
          post.slug,
          titleOf(post),
          post.description ?? `About ${post.slug}.`,
          post.keywords ?? [],
          body,
          headings,
        ],
        ...[plainText, JSON.stringify(post.sources ?? []), post.tags ?? [], post.language ?? 'english', post.age ?? 0],
        post.seoTitle ?? titleOf(post),
      ],
    ];
    await this.together([item, copy, ...decided(id, 'published', notify)]);
    return id;
  }

  async unpublish(id: string, { notify = true } = {}): Promise<void> {
    await this.together([
      [`DELETE FROM published_posts WHERE item_id = $1`, [id]],
      [`UPDATE content_versions SET state = 'UNPUBLISHED' WHERE item_id = $1 AND state = 'PUBLISHED'`, [id]],
      ...decided(id, 'unpublished', notify),
    ]);
  }

  async sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return (await this.pool.query<Record<string, unknown>>(text, values)).rows;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private itemOf(id: string, post: PostToPublish, state: State): [string, unknown[]] {
    const seo = JSON.stringify({
      title: post.seoTitle ?? titleOf(post),
      description: post.description ?? '',
      keywords: [],
    });
    return [
      `WITH item AS (
         INSERT INTO content_items (id, owner_id, topic, format, language, tags, brief, slug, latest_version, published_version)
         VALUES ($1, 'ada', $2, 'blog_post', $3, $4, '{}', $5, 1, CASE WHEN $6 = 'PUBLISHED' THEN 1 END))
       INSERT INTO content_versions (item_id, number, state, origin, author_id, title, body, seo, tags, hash)
       VALUES ($1, 1, $6, 'edit', 'ada', $2, $7, $8, $4, $9)`,
      [
        ...[id, titleOf(post), post.language ?? 'english', post.tags ?? [], post.slug, state],
        ...[post.body ?? 'A text.', seo, hashOf(id)],
      ],
    ];
  }

  private async together(statements: readonly (readonly [string, unknown[]])[]): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      for (const [text, values] of statements) await client.query(text, values);
      await client.query('COMMIT');
    } finally {
      client.release();
    }
  }
}

function decided(id: string, decision: string, notify: boolean): [string, unknown[]][] {
  return [
    [`SELECT pg_advisory_xact_lock(5)`, []],
    [
      `INSERT INTO content_reviews (seq, item_id, version, version_hash, decision, actor_id, at, previous_hash, hash)
       SELECT coalesce(max(seq), 0) + 1, $1, 1, $2, $3, 'grace', now(), '', $4 FROM content_reviews`,
      [id, hashOf(id), decision, hashOf(randomUUID())],
    ],
    ...(notify
      ? [[`SELECT pg_notify($1, (SELECT max(seq) FROM content_reviews)::text)`, [siteChannel]] as [string, unknown[]]]
      : []),
  ];
}

function titleOf({ title, slug }: PostToPublish): string {
  return title ?? slug.replaceAll('-', ' ');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
