import { createHash } from 'node:crypto';
import { context, SpanKind, SpanStatusCode, trace, type Context, type Link, type Span } from '@opentelemetry/api';
import { contextOf, isTracing, startSpan, traceIdOf, withLogFields, withSpanId } from '@longhaul/telemetry';
import type { Attempt } from './attempt.js';
import type { ClaimedJob } from './claim.store.js';

/**
 * Runs an attempt within its span, which is a child of the submit's and links to the attempt before it; every line that is
 * logged meanwhile names the job.
 * @param run resolves with the name of its outcome.
 */
export function inAttempt(attempt: Attempt, run: () => Promise<string>): Promise<void> {
  const { id, kind, attempts, traceparent } = attempt.job;
  const fields = { job_id: id, kind, attempt: attempts, trace_id: traceIdOf(traceparent) };
  return withLogFields(fields, () => (isTracing() ? inSpanOf(attempt, run) : run().then(() => undefined)));
}

async function inSpanOf(attempt: Attempt, run: () => Promise<string>): Promise<void> {
  const parent = contextOf(attempt.job.traceparent);
  const span = startAttempt(attempt, parent);
  const inside = trace.setSpan(parent, span);
  try {
    const outcome = await context.with(inside, run);
    span.setAttribute('longhaul.attempt.outcome', outcome);
    if (['failed', 'lost'].includes(outcome)) span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
  } finally {
    span.end();
  }
}

function startAttempt({ job, claimSentAt }: Attempt, parent: Context): Span {
  const { id, kind, fence, attempts } = job;
  const sentAt = Date.now() - (performance.now() - claimSentAt);
  const attributes = {
    'longhaul.job.id': id,
    'longhaul.job.kind': kind,
    'longhaul.job.attempt': attempts,
    'longhaul.job.fence': fence,
  };
  // Whose job a claim takes is known when it has come back: its span is made afterwards.
  startSpan(`claim ${kind}`, { parent, kind: SpanKind.CONSUMER, startTime: sentAt, attributes }).end();
  return withSpanId(spanIdOf(id, fence), () =>
    startSpan(`attempt ${kind}`, { parent, kind: SpanKind.CONSUMER, attributes, links: linkToPrevious(job, parent) }),
  );
}

/** Span ids of attempts follow from job and fence: so a link needs no word from the process that ran the one before. */
function linkToPrevious({ id, fence }: ClaimedJob, parent: Context): Link[] {
  const submit = trace.getSpanContext(parent);
  if (fence <= 1 || submit === undefined) return [];
  const { traceId, traceFlags } = submit;
  return [
    {
      context: { traceId, traceFlags, spanId: spanIdOf(id, fence - 1), isRemote: true },
      attributes: { 'longhaul.link': 'previous attempt' },
    },
  ];
}

/** 16 hex digits. */
export function spanIdOf(jobId: string, fence: number): string {
  return createHash('sha256').update(`${jobId}:${fence}`).digest('hex').slice(0, 16);
}
