import { Client } from 'pg';
import { testDatabase } from '@longhaul/persistence/testing';
import {
  contentFormats,
  contentStates,
  contentTransitions,
  decisions,
  mayMove,
  versionOrigins,
  type ContentTransitionName,
} from './content-state.js';

const names = Object.keys(contentTransitions) as ContentTransitionName[];

/** Written out once more by hand: where each transition may start, and nowhere else. */
const allowed: Record<ContentTransitionName, string[]> = {
  submitted: ['DRAFT'],
  superseded: ['AWAITING_APPROVAL'],
  approved: ['AWAITING_APPROVAL'],
  rejected: ['AWAITING_APPROVAL'],
  published: ['APPROVED', 'UNPUBLISHED'],
  unpublished: ['PUBLISHED'],
};

test.each(names.flatMap((name) => contentStates.map((state) => ({ name, state }))))(
  '$name from $state is as the design says',
  ({ name, state }) => {
    expect(mayMove(state, name)).toBe(allowed[name].includes(state));
  },
);

test('the words are those of the CHECKs in the database', async () => {
  const database = await testDatabase();
  const client = new Client({ connectionString: database.ownerUrl });
  await client.connect();
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = ANY($1)`,
    [['content_versions_state', 'content_versions_origin', 'content_reviews_decision', 'content_items_format']],
  );
  await client.end();
  await database.drop();
  const words = rows.map(({ name, definition }) => [
    name,
    [...definition.matchAll(/'(\w+)'/g)].map(([, word]) => word),
  ]);
  expect(Object.fromEntries(words)).toEqual({
    content_versions_state: [...contentStates],
    content_versions_origin: [...versionOrigins],
    content_reviews_decision: [...decisions],
    content_items_format: [...contentFormats],
  });
});
