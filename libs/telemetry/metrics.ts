/** What Prometheus makes of a metric's numbers. */
export type MetricType = 'counter' | 'gauge' | 'histogram';

/** One metric of the catalogue. Labels are bounded: by the registry of kinds, by route patterns, or by a list in the help. */
export interface Metric {
  readonly type: MetricType;
  readonly help: string;
  readonly labels: readonly string[];
  /** Which processes answer with it. */
  readonly of: readonly ('api' | 'worker')[];
  /** Upper bounds of a histogram, in its unit. */
  readonly buckets?: readonly number[];
}

const both = ['api', 'worker'] as const;
/** Seconds: work of milliseconds up to an hour. */
const longWork = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600];
/** Seconds: what should take no time. */
const shortWork = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/**
 * Every metric at `/metrics`: names, labels and meanings stand here and nowhere else. Times are seconds, sizes bytes. A
 * label `kind` is a name of the registry of kinds, or `other`.
 */
export const metrics = {
  longhaul_jobs_submitted_total: {
    type: 'counter',
    of: ['api'],
    labels: ['kind'],
    help: 'Jobs accepted: rows committed, replays not counted.',
  },
  longhaul_jobs_started_total: {
    type: 'counter',
    of: ['worker'],
    labels: ['kind'],
    help: 'Jobs claimed for the first time.',
  },
  longhaul_jobs_ended_total: {
    type: 'counter',
    of: both,
    labels: ['kind', 'status'],
    help: 'Jobs that came to an end: SUCCESS, FAILED (workers), CANCELLED (apis).',
  },
  longhaul_job_duration_seconds: {
    type: 'histogram',
    of: ['worker'],
    labels: ['kind'],
    buckets: longWork,
    help: 'From submit to the end that a worker recorded, waiting and retries included.',
  },
  longhaul_job_wait_seconds: {
    type: 'histogram',
    of: ['worker'],
    labels: ['kind'],
    buckets: longWork,
    help: 'From submit to the first claim, by the clock of the database.',
  },
  longhaul_dispatch_lag_seconds: {
    type: 'histogram',
    of: ['worker'],
    labels: ['kind'],
    buckets: longWork,
    help: 'From the time a job was due to its claim, for every attempt, by the clock of the database.',
  },
  longhaul_attempts_total: {
    type: 'counter',
    of: ['worker'],
    labels: ['kind', 'outcome'],
    help: 'Attempts that ended: succeeded, failed, retry, handed_over, cancelled, lost (its end belonged to somebody else).',
  },
  longhaul_attempt_duration_seconds: {
    type: 'histogram',
    of: ['worker'],
    labels: ['kind'],
    buckets: longWork,
    help: 'From claim to recorded outcome.',
  },
  longhaul_recoveries_total: {
    type: 'counter',
    of: ['worker'],
    labels: ['kind'],
    help: 'Jobs taken from workers that vanished.',
  },
  longhaul_quarantined_total: {
    type: 'counter',
    of: ['worker'],
    labels: ['kind'],
    help: 'Jobs that ended FAILED since their worker vanished too often.',
  },
  longhaul_leases_lost_total: {
    type: 'counter',
    of: ['worker'],
    labels: ['kind'],
    help: 'Attempts that this worker stopped since it could not prove its lease, or somebody else had the job.',
  },
  longhaul_worker_running_jobs: {
    type: 'gauge',
    of: ['worker'],
    labels: ['kind'],
    help: 'Attempts that run in this process.',
  },
  longhaul_worker_slots: {
    type: 'gauge',
    of: ['worker'],
    labels: ['kind'],
    help: 'Attempts of a kind that this process runs at once, at most.',
  },
  longhaul_worker_accepting: {
    type: 'gauge',
    of: ['worker'],
    labels: [],
    help: '1 while this process takes jobs; 0 while it drains.',
  },
  longhaul_outbound_requests_total: {
    type: 'counter',
    of: ['worker'],
    labels: ['outcome'],
    help: 'Requests to other sites: ok, redirect, or the code of the error.',
  },
  longhaul_outbound_breakers: {
    type: 'gauge',
    of: ['worker'],
    labels: ['state'],
    help: 'Hosts, and servers of models, by the state of their circuit breaker: closed, open, half_open.',
  },
  longhaul_queue_jobs: {
    type: 'gauge',
    of: ['api'],
    labels: ['kind', 'state'],
    help: 'Jobs that have not ended: scheduled (not due yet), due, paused (due, but of a paused kind), running; of the whole installation, those that wait up to 10,000 each at one priority; at most 10 s old.',
  },
  longhaul_queue_oldest_due_seconds: {
    type: 'gauge',
    of: ['api'],
    labels: ['kind'],
    help: 'How long the job that is due longest has waited for a worker, paused or not; 0 when none is due.',
  },
  longhaul_failed_jobs: {
    type: 'gauge',
    of: ['api'],
    labels: ['kind'],
    help: 'FAILED jobs that nobody has retried or discarded, up to 10,000 of a kind; at most 60 s old.',
  },
  longhaul_http_requests_total: {
    type: 'counter',
    of: ['api'],
    labels: ['route', 'method', 'status'],
    help: 'Requests by route pattern (unmatched: no route), method (other: not a usual one) and status class (2xx … 5xx; aborted: the client left first).',
  },
  longhaul_http_request_duration_seconds: {
    type: 'histogram',
    of: ['api'],
    labels: ['route'],
    buckets: shortWork,
    help: 'From the head of a request to the end of its answer, or until its event stream has begun; without those that `Prefer` to wait.',
  },
  longhaul_http_problems_total: {
    type: 'counter',
    of: ['api'],
    labels: ['code'],
    help: 'Problem documents by their code (docs/reference/errors.md).',
  },
  longhaul_sse_clients: {
    type: 'gauge',
    of: ['api'],
    labels: [],
    help: 'Event streams that are open in this process.',
  },
  longhaul_cache_requests_total: {
    type: 'counter',
    of: ['api'],
    labels: ['tier', 'result'],
    help: 'Lookups of the cache: hit, miss, stale (the source failed or was slow).',
  },
  longhaul_cache_errors_total: {
    type: 'counter',
    of: ['api'],
    labels: ['tier'],
    help: 'Commands of the cache that Redis refused or did not answer in time.',
  },
  longhaul_content_reviews_total: {
    type: 'counter',
    of: ['api'],
    labels: ['decision'],
    help: 'Decisions of people on content: approved, rejected, published, unpublished.',
  },
  longhaul_dependency_up: {
    type: 'gauge',
    of: both,
    labels: ['dependency'],
    help: '1 while this process reaches it, else 0: database, queue. At most 10 s old.',
  },
  longhaul_database_connections: {
    type: 'gauge',
    of: both,
    labels: ['pool', 'state'],
    help: 'Connections of this process to PostgreSQL: used, idle; of the pool for the tables (database), and with QUEUE_BACKEND=postgres of that for the queue (queue).',
  },
  longhaul_database_connections_max: {
    type: 'gauge',
    of: both,
    labels: ['pool'],
    help: 'How many there may be: DATABASE_POOL_SIZE (database), ten more (queue).',
  },
  longhaul_database_waiting: {
    type: 'gauge',
    of: both,
    labels: ['pool'],
    help: 'Statements of this process that wait for a connection.',
  },
  longhaul_event_loop_lag_seconds: {
    type: 'gauge',
    of: both,
    labels: ['quantile'],
    help: 'How late timers are, since the last scrape: 0.5, 0.99, 1 (the latest).',
  },
  longhaul_scrape_errors_total: {
    type: 'counter',
    of: both,
    labels: ['source'],
    help: 'Numbers that could not be read for a scrape: the answer then lacks them.',
  },
  process_cpu_seconds_total: { type: 'counter', of: both, labels: [], help: 'CPU time of this process.' },
  process_resident_memory_bytes: { type: 'gauge', of: both, labels: [], help: 'Memory of this process.' },
  process_start_time_seconds: {
    type: 'gauge',
    of: both,
    labels: [],
    help: 'When this process started, since 1970.',
  },
  process_open_fds: { type: 'gauge', of: both, labels: [], help: 'Open files and sockets of this process (Linux).' },
  process_max_fds: { type: 'gauge', of: both, labels: [], help: 'How many it may have (Linux).' },
  nodejs_heap_size_used_bytes: { type: 'gauge', of: both, labels: [], help: 'JavaScript objects in memory.' },
} as const satisfies Record<string, Metric>;

type Catalogue = typeof metrics;
export type MetricName = keyof Catalogue;
/** Values of the labels of a metric. */
export type LabelsOf<Name extends MetricName> = Readonly<Record<Catalogue[Name]['labels'][number], string>>;
type OfType<Type extends MetricType> = {
  [Name in MetricName]: Catalogue[Name]['type'] extends Type ? Name : never;
}[MetricName];
export type CounterName = OfType<'counter'>;
export type GaugeName = OfType<'gauge'>;
export type HistogramName = OfType<'histogram'>;
