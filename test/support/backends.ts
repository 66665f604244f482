/** The two queue backends; every test of jobs runs on both. */
export type Backend = 'postgres' | 'redis';

/** URL of the test run's Redis, or undefined when this machine has none. */
export const redisUrl = process.env.TEST_REDIS_URL;

/** Runs a block of tests once on each backend. Without Redis its half is listed as skipped. */
export function describeOnEachBackend(name: string, block: (backend: Backend) => void): void {
  describe(`${name} [postgres]`, () => block('postgres'));
  const onRedis = redisUrl === undefined ? describe.skip : describe;
  onRedis(`${name} [redis]`, () => block('redis'));
}
