import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { JobEntity, QueueSignals } from '@longhaul/jobs';
import { definitions } from '@longhaul/kinds';
import { appDataSourceOptions } from '@longhaul/persistence';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { describeOverlays, nameOf, podTemplateOf } from './overlays.js';

let database: TestDatabase;
let client: Client;
let source: DataSource;
/** What the api's metrics show. */
let signals: QueueSignals;
/** What the guide lets KEDA's login read, and nothing else. */
const role = `keda_${randomUUID().slice(0, 8)}`;

beforeAll(async () => {
  database = await testDatabase();
  client = new Client({ connectionString: database.adminUrl });
  await client.connect();
  await client.query(`CREATE ROLE ${role}; GRANT SELECT (status, kind, run_at) ON jobs TO ${role};
    GRANT SELECT (kind) ON paused_kinds TO ${role}`);
  const add = (kind: string, status: string, dueIn: string, count: number) =>
    client.query(
      `INSERT INTO jobs (id, kind, status, owner_id, input, run_at, timeout_seconds, max_attempts, last_seq,
                         lease_expires_at, finished_at)
       SELECT gen_random_uuid(), $1, $2, 'somebody', '{}', now() + $3::interval, 60, 1, 1,
              CASE $2 WHEN 'RUNNING' THEN now() END, CASE $2 WHEN 'SUCCESS' THEN now() END
       FROM generate_series(1, $4)`,
      [kind, status, dueIn, count],
    );
  for (const [index, { name }] of definitions.entries()) {
    await add(name, 'PENDING', '-1 second', 10 * (index + 1));
    await add(name, 'PENDING', '1 hour', 1000);
    await add(name, 'RUNNING', '-1 minute', index + 1);
    await add(name, 'SUCCESS', '-1 day', 2000);
  }
  await client.query('ANALYZE jobs');
  const config = testConfig(database);
  source = await new DataSource(appDataSourceOptions(config, [JobEntity])).initialize();
  const kinds = new Map(definitions.map((definition) => [definition.name, definition]));
  signals = new QueueSignals(config, kinds, source.getRepository(JobEntity));
});
afterAll(async () => {
  await source.destroy();
  await client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  await client.end();
  await database.drop();
});

/** In the order of the registry: ten due jobs for the first kind, twenty for the second …; one running, two …. */
const due = (kind: string) => 10 * (definitions.findIndex(({ name }) => name === kind) + 1);
const running = (kind: string) => due(kind) / 10;

interface Trigger {
  readonly type: string;
  readonly name?: string;
  readonly metadata: Readonly<Record<string, string>>;
}

describeOverlays('what scales the workers', (overlay, manifests) => {
  const scalers = manifests.filter(({ kind }) => ['ScaledObject', 'ScaledJob'].includes(kind));
  /** Kinds and slots of the workers that a scaler starts. */
  const groupOf = (scaler: (typeof manifests)[number]) => {
    const workers = manifests.find(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name === scaler['spec'].scaleTargetRef?.name,
    );
    const env = podTemplateOf(workers ?? scaler).spec.containers[0].env as { name: string; value: string }[];
    const valueOf = (name: string) => env.find((one) => one.name === name)?.value;
    return { kinds: valueOf('WORKER_KINDS')?.split(',') ?? [], slots: Number(valueOf('WORKER_CONCURRENCY') ?? 1) };
  };
  const each = scalers.map((scaler) => [nameOf(scaler), scaler] as const);

  test('every group of workers is scaled, but on a machine of one’s own', () => {
    expect(scalers.map(({ metadata }) => metadata.name).sort()).toEqual(
      overlay === 'dev'
        ? []
        : [`longhaul-worker-${overlay === 'long-jobs' ? 'long' : 'cpu'}`, 'longhaul-worker-io'].sort(),
    );
  });

  if (overlay !== 'dev' && overlay !== 'metrics-api') {
    test.each(each)('%s asks the database for what its workers have to do', async (_name, scaler) => {
      const { kinds, slots } = groupOf(scaler);
      const [{ type, metadata }] = scaler['spec'].triggers as Trigger[];
      expect(type).toBe('postgresql');
      expect(Number(metadata.targetQueryValue)).toBe(slots);
      const wanted = kinds.map((kind) => due(kind) + (scaler.kind === 'ScaledJob' ? 0 : running(kind)));
      await client.query(`BEGIN; SET LOCAL ROLE ${role}`);
      const { rows } = await client.query<Record<string, string>>(metadata.query);
      // In a large table the rows that have ended must not be looked at: partial indexes hold the others.
      const plan = await client.query<Record<string, string>>(`EXPLAIN ${metadata.query}`);
      await client.query('ROLLBACK');
      expect(rows.map((row) => Object.values(row).map(Number))).toEqual([[Math.max(...wanted)]]);
      expect(JSON.stringify(plan.rows)).not.toContain('Seq Scan on jobs');
    });

    test.each(each)('%s starts no worker for what is paused', async (_name, scaler) => {
      const { kinds } = groupOf(scaler);
      const [{ metadata }] = scaler['spec'].triggers as Trigger[];
      await client.query('BEGIN');
      await client.query(`INSERT INTO paused_kinds (kind, paused_by) SELECT unnest($1::text[]), 'ada'`, [kinds]);
      await client.query(`SET LOCAL ROLE ${role}`);
      const { rows } = await client.query<Record<string, string>>(metadata.query);
      await client.query('ROLLBACK');
      const wanted = scaler.kind === 'ScaledJob' ? 0 : Math.max(...kinds.map(running));
      expect(rows.map((row) => Object.values(row).map(Number))).toEqual([[wanted]]);
    });
  }

  if (overlay === 'metrics-api') {
    test.each(each)('%s adds what is due and what runs of each of its kinds', (_name, scaler) => {
      const { kinds, slots } = groupOf(scaler);
      const triggers = scaler['spec'].triggers as Trigger[];
      expect(triggers.map(({ name }) => name)).toEqual(kinds.flatMap((kind) => [`${kind}_due`, `${kind}_running`]));
      for (const { name = '', metadata } of triggers) {
        const [, kind, state] = /^(.*)_(due|running)$/.exec(name) ?? [];
        expect(metadata.valueLocation).toBe(`longhaul_queue_jobs{kind="${kind}",state="${state}"}`);
      }
      const { formula, target } = scaler['spec'].advanced.scalingModifiers as Record<string, string>;
      const sums = kinds.map((kind) => `${kind}_due + ${kind}_running`);
      expect(formula).toBe(sums.length === 1 ? sums[0] : `max([${sums.join(', ')}])`);
      expect(Number(target)).toBe(slots);
    });

    test.each(each)('%s starts no worker for what is paused', async (_name, scaler) => {
      const { kinds } = groupOf(scaler);
      const triggers = scaler['spec'].triggers as Trigger[];
      /** By kind, the sum of the states that its triggers ask for. */
      const asked = async () => {
        const depths = new Map((await signals.depth()).map((depth) => [depth.kind, depth]));
        return kinds.map((kind) =>
          triggers
            .map(({ metadata }) => /\{kind="(\w+)",state="(\w+)"\}/.exec(metadata.valueLocation)?.slice(1) ?? [])
            .filter(([of]) => of === kind)
            .map(([, state]) => depths.get(kind)?.[state as 'due' | 'running'] ?? NaN)
            .reduce((sum, jobs) => sum + jobs, 0),
        );
      };
      expect(await asked()).toEqual(kinds.map((kind) => due(kind) + running(kind)));
      await client.query(`INSERT INTO paused_kinds (kind, paused_by) SELECT unnest($1::text[]), 'ada'`, [kinds]);
      try {
        expect(await asked()).toEqual(kinds.map(running));
      } finally {
        await client.query('DELETE FROM paused_kinds');
      }
    });
  }
});
