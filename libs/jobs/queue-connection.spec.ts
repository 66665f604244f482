import { Queue, Worker } from 'bullmq';
import { testConfig, testDatabase } from '@longhaul/persistence/testing';
import { bullOptions, QueueConnection } from './queue-connection.js';

it('has room for the listeners of all queues and workers, and no more', async () => {
  const database = await testDatabase();
  const config = testConfig(database);
  const names = Array.from({ length: 8 }, (_, number) => `listeners-${number}`);
  const connection = QueueConnection.open(config, 'worker', names.length * 2);
  const options = bullOptions(connection, config.QUEUE_PREFIX);
  const made = names.flatMap((name) => [
    new Queue(name, options),
    new Worker(name, () => Promise.resolve(), { ...options, autorun: false }),
  ]);
  try {
    await Promise.all(made.map((user) => user.waitUntilReady()));
    const { client } = connection;
    expect(client.listenerCount('error')).toBe(names.length * 2 + 1);
    expect(client.getMaxListeners()).toBe(client.listenerCount('error'));
  } finally {
    await Promise.all(made.map((user) => user.close()));
    await connection.close();
    await database.drop();
  }
});
