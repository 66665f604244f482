import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Processor } from '@nestjs/bullmq';
import { Module, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { ConfigModule, type Config } from '@longhaul/config';
import { PersistenceModule } from '@longhaul/persistence';
import { AttemptStore } from './attempt.store.js';
import { ClaimStore, type ClaimedJob, type ClaimRequest } from './claim.store.js';
import { Doorbells } from './doorbells.js';
import { FailedJobs } from './failed-jobs.js';
import type { JobContext } from './job-context.js';
import { JobFeed } from './job-feed.js';
import { JobLog } from './job-log.js';
import { JobProcessor } from './job-processor.js';
import { JobRunner } from './job-runner.js';
import { isTerminal, type JobStatus } from './job-status.js';
import { JobEntity } from './job.entity.js';
import { JobReader } from './job.reader.js';
import { JobStore } from './job.store.js';
import { JobsModule } from './jobs.module.js';
import { JobsService, type SubmitRequest } from './jobs.service.js';
import { JobsWorkerModule } from './jobs-worker.module.js';
import { defineKind, type KindDefinition } from './kind.js';
import { OnceRuntime } from './once-runtime.js';
import { Overviews } from './overviews.js';
import { PausedKinds } from './paused-kinds.js';
import { slotOptions } from './queue.js';
import { Reconciler } from './reconciler.js';
import { Retention } from './retention.js';
import { WorkerHeartbeat } from './worker-heartbeat.js';

/** Input of test kinds: none. */
export class NoInput {}

/** What a test's handler may use. */
export type TestHandler = (context: JobContext<NoInput>) => Promise<object>;

/** A kind made for one test: its handler is a plain function. */
export interface TestKind {
  readonly definition: KindDefinition;
  readonly processor: Type<JobProcessor>;
}

export function testKind(name: string, handle: TestHandler, overrides: Partial<KindDefinition> = {}): TestKind {
  const definition: KindDefinition = defineKind<object>({
    name,
    title: name,
    description: name,
    input: NoInput,
    example: {},
    timeoutSeconds: 60,
    maxAttempts: 3,
    errorCodes: {},
    ...overrides,
  });
  @Processor(name, slotOptions)
  class TestProcessor extends JobProcessor<NoInput> {
    override readonly kind = definition as KindDefinition<NoInput>;
    override handle(context: JobContext<NoInput>): Promise<object> {
      return handle(context);
    }
  }
  return { definition, processor: TestProcessor };
}

/** The api's side of jobs, running in the test's process. */
export interface TestApi {
  readonly jobs: JobsService;
  readonly failed: FailedJobs;
  readonly feed: JobFeed;
  readonly log: JobLog;
  readonly overviews: Overviews;
  readonly paused: PausedKinds;
  readonly store: JobStore;
  readonly reader: JobReader;
  readonly doorbells: Doorbells;
  /** What a worker would write. */
  readonly attempts: AttemptStore;
  /** As a worker would, one job. */
  claim(request: ClaimRequest & { readonly nonce: string }): Promise<ClaimedJob | null>;
  close(): Promise<void>;
}

@Module({})
class Root {}

export async function startTestApi(config: Config, kinds: readonly TestKind[]): Promise<TestApi> {
  const module = JobsModule.forApi(
    config,
    kinds.map(({ definition }) => definition),
  );
  const app = await start(config, [module]);
  const rows = app.get(DataSource).getRepository(JobEntity);
  const claims = new ClaimStore(rows);
  return {
    jobs: app.get(JobsService),
    failed: app.get(FailedJobs),
    feed: app.get(JobFeed),
    log: app.get(JobLog),
    overviews: app.get(Overviews),
    paused: app.get(PausedKinds),
    store: app.get(JobStore, { strict: false }),
    reader: app.get(JobReader, { strict: false }),
    doorbells: app.get(Doorbells, { strict: false }),
    attempts: new AttemptStore(rows),
    claim: async ({ nonce, ...request }) => (await claims.claimMany(request, [nonce]))[0] ?? null,
    close: () => app.close(),
  };
}

/** A worker, running in the test's process. */
export interface TestWorker {
  readonly runner: JobRunner;
  readonly reconciler: Reconciler;
  readonly retention: Retention;
  readonly heartbeat: WorkerHeartbeat;
  /** Drains and stops, as on SIGTERM. */
  close(): Promise<void>;
}

/** What the processors of a kind need beyond jobs. */
export interface KindNeeds {
  /** Modules whose providers they inject. */
  readonly imports: Type[];
  readonly entities: readonly Type[];
}

/** @param run the kinds whose doorbells it answers. */
export async function startTestWorker(
  config: Config,
  kinds: readonly TestKind[],
  run: readonly TestKind[] = kinds,
  needs: KindNeeds = { imports: [], entities: [] },
): Promise<TestWorker> {
  const module = JobsWorkerModule.for(
    config,
    kinds.map(({ definition }) => definition),
    run.map(({ processor }) => processor),
    needs.imports,
  );
  const app = await start(config, [module], needs.entities);
  return {
    runner: app.get(JobRunner),
    reconciler: app.get(Reconciler),
    retention: app.get(Retention),
    heartbeat: app.get(WorkerHeartbeat),
    close: () => app.close(),
  };
}

/** A worker for one job, running in the test's process; it has taken it, or none, when `ended` resolves. */
export async function startTestOnce(config: Config, kinds: readonly TestKind[], run: readonly TestKind[]) {
  const module = JobsWorkerModule.for(
    config,
    kinds.map(({ definition }) => definition),
    run.map(({ processor }) => processor),
  );
  const app = await start(config, [module]);
  return { ended: app.get(OnceRuntime).ended, close: () => app.close() };
}

async function start(
  config: Config,
  modules: NonNullable<Parameters<typeof NestFactory.createApplicationContext>[0]>[],
  entities: readonly Type[] = [],
) {
  const app: INestApplicationContext = await NestFactory.createApplicationContext(
    {
      module: Root,
      imports: [ConfigModule.of(config), PersistenceModule.for(config, [JobEntity, ...entities]), ...(modules as [])],
    },
    { logger: false, abortOnError: false },
  );
  return app;
}

/** A request for a job of this kind by some owner. */
export function request(kind: TestKind, overrides: Partial<SubmitRequest> = {}): SubmitRequest {
  const { name, timeoutSeconds, maxAttempts } = kind.definition;
  return {
    kind: name,
    ownerId: randomUUID(),
    input: {},
    metadata: {},
    priority: 0,
    timeoutSeconds,
    maxAttempts,
    runAt: null,
    idempotencyKey: null,
    requestHash: null,
    traceparent: null,
    ...overrides,
  };
}

/** Submits and insists on a new job. */
export async function submitted(api: TestApi, wanted: SubmitRequest): Promise<JobEntity> {
  const answer = await api.jobs.submit(wanted);
  if (answer.outcome !== 'created') throw new Error(`not created: ${answer.outcome}`);
  return answer.job;
}

/** Waits until the job has ended. */
export function ended(api: TestApi, id: string, timeoutMs?: number): Promise<JobEntity> {
  return waited(api, id, 'end', ({ status }) => isTerminal(status), timeoutMs);
}

/** Waits until the job has this status. */
export function reached(api: TestApi, id: string, status: JobStatus, timeoutMs?: number): Promise<JobEntity> {
  return waited(api, id, 'change', (job) => job.status === status, timeoutMs);
}

async function waited(
  api: TestApi,
  id: string,
  until: 'end' | 'change',
  holds: (job: JobEntity) => boolean,
  timeoutMs = 20_000,
): Promise<JobEntity> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const job = await api.jobs.find(id);
    if (job !== null && holds(job)) return job;
    if (job === null || isTerminal(job.status) || Date.now() > end) {
      throw new Error(`job ${id} is ${job?.status ?? 'missing'}`);
    }
    await api.jobs.wait(job, { until, timeoutMs: Math.max(0, end - Date.now()) });
  }
}

/** Waits until something holds. @throws Error when it does not within `timeoutMs`. */
export async function until(holds: () => Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come to hold');
    await pause(20);
  }
}

/** A promise that a test resolves from outside. */
export function gate<T = void>(): { readonly opened: Promise<T>; open(value: T): void } {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { opened: promise, open: resolve };
}
