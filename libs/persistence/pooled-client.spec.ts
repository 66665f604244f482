import { Pool } from 'pg';
import { PooledClient } from './pooled-client.js';
import { testDatabase, type TestDatabase } from './testing.js';

describe('PooledClient', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  it('outlives its connection being ended by the server while nobody listens', async () => {
    const pool = new Pool({ connectionString: database.url, Client: PooledClient });
    const client = await pool.connect();
    // Not `once`, which would listen for errors too.
    const ended = new Promise<void>((resolve) => client.on('end', () => resolve()));

    // The same login may end its own backends; an error without a listener would fail this test as uncaught.
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
    await ended;

    await expect(client.query('SELECT 1')).rejects.toThrow();
    client.release(true);
    expect((await pool.query<{ one: number }>('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });
});
