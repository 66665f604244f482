import { randomUUID } from 'node:crypto';
import { IsOptional } from 'class-validator';
import { startTestApi, testKind, type TestApi } from '@longhaul/jobs/testing';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { Problem } from '../problems/problem.js';
import { parseIdempotencyKey } from './idempotency-key.js';
import { Submissions, type Accepted, type Submitter } from './submissions.js';
import { SubmitBodyReader } from './submit-body.js';

class UnrunInput {
  @IsOptional()
  note?: unknown;
}

const kind = testKind('unrun', () => Promise.resolve({}), { input: UnrunInput });
const body = { task_type: 'unrun' };

let database: TestDatabase;
let api: TestApi;
let submissions: Submissions;

beforeAll(async () => {
  database = await testDatabase();
  const config = testConfig(database);
  api = await startTestApi(config, [kind]);
  const kinds = new Map([[kind.definition.name, kind.definition]]);
  submissions = new Submissions(new SubmitBodyReader(kinds, config), api.jobs);
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const submitter = (ownerId: string, header: string): Submitter => ({
  ownerId,
  idempotencyKey: parseIdempotencyKey(header),
  traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
});
const batch = async (count: number, by: Submitter) =>
  (await submissions.submitBatch(
    Array.from({ length: count }, () => body),
    by,
  )) as Accepted[];

describe('the key of a batch', () => {
  it('counts for each item by its place, so that a repeated batch makes nothing new', async () => {
    const by = submitter(randomUUID(), 'k');
    const first = await batch(3, by);
    const again = await batch(3, by);
    expect(new Set(first.map(({ job }) => job.id)).size).toBe(3);
    expect(again.map(({ job, replayed }) => [job.id, replayed])).toEqual(first.map(({ job }) => [job.id, true]));
  });

  it("never meets a client's own key, whatever that looks like", async () => {
    const owner = randomUUID();
    const [item] = await batch(1, submitter(owner, 'k'));
    for (const key of ['k', 'k#0', 'k0', 'k:0', 'k/0', '"k\\\\u001f0"']) {
      const single = await submissions.submit(body, submitter(owner, key));
      expect([key, single.replayed]).toEqual([key, false]);
    }
    const stored = item?.job.idempotencyKey ?? '';
    expect(() => parseIdempotencyKey(stored)).toThrow(Problem);
    expect(() => parseIdempotencyKey(`"${stored}"`)).toThrow(Problem);
  });
});
