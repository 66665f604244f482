import { randomUUID } from 'node:crypto';
import { until } from '@longhaul/jobs/testing';
import { describeOnEachBackend, redisUrl } from '../../../../test/support/backends.js';
import { ContentStage } from './testing.js';

describeOnEachBackend('two apis', (backend) => {
  let stage: ContentStage;
  beforeAll(async () => {
    const redis = { QUEUE_BACKEND: backend, REDIS_URL: redisUrl ?? '', QUEUE_PREFIX: `test-${randomUUID()}` };
    stage = await ContentStage.open({ replica: true, settings: backend === 'redis' ? redis : {} });
  });
  afterAll(() => stage.close());

  const statusAt = async (api: number, slug: string) => (await stage.visit(api, `/site/posts/${slug}`)).statusCode;

  it('show what was published, and no more what was unpublished: at once where it was done, and everywhere soon', async () => {
    for (let round = 0; round < 2; round += 1) {
      const id = await stage.made();
      const slug = `tides-${id}`;
      const [here, there] = [round % 2, 1 - (round % 2)];
      for (const [verb, payload, status] of [
        ['approve', { publish: true }, 200],
        ['unpublish', {}, 404],
        ['publish', {}, 200],
      ] as const) {
        // Both keep the front page as it is before.
        const fronts = await Promise.all([here, there].map((api) => stage.visit(api, '/site')));
        const etag = await stage.etagOf(id);
        expect(
          (await stage.sendTo(here, verb === 'unpublish' ? 'second' : 'editor', id, verb, payload, etag)).status,
        ).toBe(200);
        expect(await statusAt(here, slug)).toBe(status);
        const front = await stage.visit(here, '/site');
        expect([front.body.includes(slug), front.body === fronts[0].body]).toEqual([status === 200, false]);
        // Well below the five seconds after which the epoch is read without a notification.
        await until(async () => (await statusAt(there, slug)) === status, 2_000);
        // A post that nobody has asked for is read before the word comes that makes cached pages old.
        await until(async () => (await stage.visit(there, '/site')).body === front.body, 2_000);
      }
    }
  });
});
