import { randomUUID } from 'node:crypto';
import { v7 as uuidV7 } from 'uuid';
import type { ContentState } from './content-state.js';
import { hashOfVersion, type ContentSource, type SeoMetadata } from './version-hash.js';

/** What a test says of an item; the rest is made up. */
export interface TestItem {
  readonly id: string;
  readonly ownerId: string;
  readonly title: string;
  readonly body: string;
  readonly sources: readonly ContentSource[];
  readonly tags: readonly string[];
  readonly seo: SeoMetadata | null;
  /** Of its first and only version. */
  readonly state: Extract<ContentState, 'DRAFT' | 'AWAITING_APPROVAL'>;
}

/** A data source, or whatever runs a statement. */
interface Database {
  query(text: string, values?: unknown[]): Promise<unknown>;
}

/** An item with one version, as a pipeline leaves it: it awaits approval, unless told otherwise. @returns its id. */
export async function makeItem(database: Database, given: Partial<TestItem> = {}): Promise<string> {
  const { id = uuidV7(), ownerId = randomUUID(), title = `Tides ${id}`, body = '# Tides\n\nThe moon pulls.\n' } = given;
  const { sources = [], tags = [], state = 'AWAITING_APPROVAL' } = given;
  const seo =
    given.seo === undefined ? { title: 'Tides', description: 'The moon pulls.', keywords: ['moon'] } : given.seo;
  await database.query(
    `INSERT INTO content_items (id, owner_id, topic, format, language, tags, brief, slug, latest_version)
     VALUES ($1, $2, $3, 'blog_post', 'english', $4, '{}', $5, 1)`,
    [id, ownerId, title, tags, seo === null ? null : `tides-${id}`],
  );
  await database.query(
    `INSERT INTO content_versions (item_id, number, state, origin, author_id, task_id, step, title, body, sources, seo, tags, hash)
     VALUES ($1, 1, $2, 'draft', $3, $1, 'draft', $4, $5, $6, $7, $8, $9)`,
    [
      ...[id, state, ownerId, title, body, JSON.stringify(sources)],
      ...[seo && JSON.stringify(seo), tags, hashOfVersion({ title, body, sources, seo, tags })],
    ],
  );
  return id;
}
