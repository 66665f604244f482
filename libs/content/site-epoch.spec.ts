import { DataSource } from 'typeorm';
import type { Config } from '@longhaul/config';
import { until } from '@longhaul/jobs/testing';
import { appDataSourceOptions } from '@longhaul/persistence';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { Publisher } from '../../test/support/publisher.js';
import { tcpProxy, type TcpProxy } from '../../test/support/tcp-proxy.js';
import { SiteEpoch } from './site-epoch.js';

let database: TestDatabase;
let proxy: TcpProxy;
let publisher: Publisher;
let sources: DataSource[];
let epochs: SiteEpoch[];

beforeAll(async () => {
  database = await testDatabase();
  publisher = new Publisher(database.adminUrl);
  proxy = await tcpProxy(database.url);
  const started = await Promise.all([
    start(testConfig(database)),
    start({ ...testConfig(database), DATABASE_URL: proxy.url }),
  ]);
  sources = started.map(({ source }) => source);
  epochs = started.map(({ epoch }) => epoch);
});
afterAll(async () => {
  await Promise.all(epochs.map((epoch) => epoch.onApplicationShutdown()));
  await Promise.all(sources.map((source) => source.destroy()));
  await proxy.cut();
  await publisher.close();
  await database.drop();
});

async function start(config: Config) {
  const source = await new DataSource(appDataSourceOptions(config, [])).initialize();
  const epoch = new SiteEpoch(config, source);
  await epoch.onApplicationBootstrap();
  return { source, epoch };
}

const agreed = async (on: RegExp) =>
  until(() =>
    Promise.resolve(epochs.every((epoch) => on.test(epoch.current()) && epoch.current() === epochs[0]?.current())),
  );

it('is the same in all processes, and another one after each publication', async () => {
  await agreed(/^empty$/);
  const id = await publisher.publish({ slug: 'one' });
  await agreed(/^1-[0-9a-f]{16}$/);
  await publisher.unpublish(id);
  await agreed(/^2-/);
});

it('is read again when the connection was lost, since notifications were lost with it', async () => {
  await agreed(/^2-/);
  proxy.silence();
  await publisher.publish({ slug: 'two' });
  await until(() => Promise.resolve(/^3-/.test(epochs[0]?.current() ?? '')));
  expect(epochs[1]?.current()).toMatch(/^2-/);
  proxy.restore();
  proxy.reset();
  await agreed(/^3-/);
});

it('is found without a notification, too', async () => {
  await publisher.publish({ slug: 'three' }, { notify: false });
  await agreed(/^4-/);
});

it('is told apart from that of another history with the same numbers', async () => {
  const before = epochs[0]?.current();
  await publisher.sql(`UPDATE content_reviews SET hash = repeat('f', 64) WHERE seq = 4`);
  await epochs[0]?.reread();
  expect(epochs[0]?.current()).toBe(`4-${'f'.repeat(16)}`);
  expect(epochs[0]?.current()).not.toBe(before);
});
