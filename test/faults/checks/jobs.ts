import { isTerminal, statusAfter, transitions, type JobStatus } from '@longhaul/jobs';
import type { Check, Violation } from './check.js';
import type { Evidence, JobRow } from './evidence.js';

/** Violations of each job that has one. */
function ofEachJob({ jobs }: Evidence, look: (job: JobRow) => string | null): Violation[] {
  return [...jobs.values()].flatMap((job) => {
    const what = look(job);
    return what === null ? [] : [{ taskId: job.id, what }];
  });
}

const isEnd = (type: JobRow['events'][number]['type']) => isTerminal(statusAfter(type));

export const nothingLost: Check = {
  name: 'every 202 has a row',
  column: 'lost',
  find: ({ accepted, jobs }) =>
    accepted
      .filter(({ taskId }) => !jobs.has(taskId))
      .map(({ taskId, plan }) => ({ taskId, what: `was accepted as ${plan.key} and has no row` })),
};

export const nothingStuck: Check = {
  name: 'none is stuck',
  column: 'stuck',
  find: (evidence) => ofEachJob(evidence, ({ status }) => (isTerminal(status) ? null : `is still ${status}`)),
};

export const oneJobAKey: Check = {
  name: 'one job a key',
  find: ({ jobs, accepted }) => {
    const keys = new Map(accepted.map(({ taskId, ownerId, plan }) => [`${ownerId} ${plan.key}`, taskId]));
    return [...jobs.values()]
      .filter(({ id, ownerId, key }) => keys.get(`${ownerId} ${key}`) !== id)
      .map(({ id, key }) => ({ taskId: id, what: `is a second job under ${key}, or one that no client knows` }));
  },
};

export const oneEndARound: Check = {
  name: 'one end a round, nothing after it',
  find: (evidence) =>
    ofEachJob(evidence, ({ status, events }) => {
      const after = events.find(
        (event, index) => index > 0 && isEnd(events[index - 1].type) && event.type !== 'requeued',
      );
      if (after !== undefined) return `has the event ${after.type} (${after.seq}) after its end`;
      const last = events.at(-1);
      return isTerminal(status) && !(last !== undefined && isEnd(last.type))
        ? `is ${status} without an end event`
        : null;
    }),
};

export const gapless: Check = {
  name: 'events are numbered 1 to n',
  column: 'gaps',
  find: (evidence) =>
    ofEachJob(evidence, ({ events, lastSeq }) => {
      const fits = events.length === lastSeq && events.every(({ seq }, index) => seq === index + 1);
      return fits ? null : `has ${events.length} events up to ${events.at(-1)?.seq}; last_seq is ${lastSeq}`;
    }),
};

export const statusOfLastEvent: Check = {
  name: 'the status is that of the last event',
  find: (evidence) =>
    ofEachJob(evidence, ({ status, events }) => {
      const last = events.at(-1);
      return last !== undefined && statusAfter(last.type) === status ? null : `is ${status}, last event ${last?.type}`;
    }),
};

/** Each event may follow the one before it, and what an attempt says comes from the worker that started it. */
export const legalHistory: Check = {
  name: 'every event was allowed when it came',
  find: (evidence) =>
    ofEachJob(evidence, ({ events }) => {
      let status: JobStatus | null = null;
      let worker: string | null = null;
      for (const { seq, type, actor } of events) {
        const from: readonly JobStatus[] = type === 'progress' || type === 'log' ? ['RUNNING'] : transitions[type].from;
        if (status === null ? type !== 'submitted' : !from.includes(status))
          return `has ${type} (${seq}) while ${status}`;
        if (type === 'started') worker = actor;
        else if (actor.startsWith('worker:') && actor !== worker)
          return `has ${type} (${seq}) from a stranger, ${actor}`;
        status = statusAfter(type);
      }
      return null;
    }),
};

export const withinLimits: Check = {
  name: 'attempts and recoveries keep to their limits',
  find: (evidence) =>
    ofEachJob(evidence, ({ attempts, maxAttempts, recoveries }) => {
      if (attempts > maxAttempts) return `used ${attempts} of ${maxAttempts} attempts`;
      return recoveries > evidence.config.MAX_RECOVERIES ? `was recovered ${recoveries} times` : null;
    }),
};

export const noNeedlessRecovery: Check = {
  name: 'no recovery where nothing vanishes',
  find: (evidence) =>
    ofEachJob(evidence, ({ recoveries }) =>
      evidence.orderly && recoveries > 0 ? `was recovered ${recoveries} times` : null,
    ),
};

export const fencesGrow: Check = {
  name: 'fences grow',
  find: (evidence) =>
    ofEachJob(evidence, ({ events }) => {
      const fences = events.filter(({ type }) => type === 'started').map(({ data }) => data?.fence ?? 0);
      const grows = fences.every((fence, index) => fence > (fences[index - 1] ?? 0));
      return grows ? null : `was started under the fences ${fences.join(', ')}`;
    }),
};

export const cancelledStays: Check = {
  name: 'what was cancelled stays so',
  find: ({ cancelled, jobs }) =>
    [...cancelled].flatMap((taskId) => {
      const status = jobs.get(taskId)?.status;
      return status === 'CANCELLED' ? [] : [{ taskId, what: `was cancelled with 204 and is ${status}` }];
    }),
};

/** Only the job itself decides how it ends and how many attempts that takes: no kill, roll or outage may. */
export const endsAsPlanned: Check = {
  name: 'every job ends as it would have without the fault',
  find: ({ accepted, jobs, cancelled }) =>
    accepted.flatMap(({ taskId, plan }) => {
      const job = jobs.get(taskId);
      if (job === undefined || !isTerminal(job.status)) return [];
      if (job.status === 'CANCELLED' && !cancelled.has(taskId)) return [{ taskId, what: 'is CANCELLED; nobody asked' }];
      if (plan.end !== null && job.status !== plan.end) {
        return [{ taskId, what: `ended ${job.status} (${job.errorCode}), not ${plan.end}` }];
      }
      if (plan.error !== undefined && job.errorCode !== null && job.errorCode !== plan.error) {
        return [{ taskId, what: `failed with ${job.errorCode}, not ${plan.error}` }];
      }
      const right = plan.attempts === null || plan.attempts === job.attempts;
      return right ? [] : [{ taskId, what: `used ${job.attempts} attempts, not ${plan.attempts}` }];
    }),
};

export const noLeaseAfterEnd: Check = {
  name: 'no lease on an ended job',
  find: (evidence) =>
    ofEachJob(evidence, ({ status, leased }) => (leased && isTerminal(status) ? `is ${status} and leased` : null)),
};
