import type { Check } from './check.js';

export const logComplete: Check = {
  name: 'the stream of all tasks shows every event once, in order',
  find: ({ log, jobs }) =>
    [...jobs.values()].flatMap(({ id, lastSeq }) => {
      const seqs = log.get(id) ?? [];
      const fits = seqs.length === lastSeq && seqs.every((seq, index) => seq === index + 1);
      return fits ? [] : [{ taskId: id, what: `has ${lastSeq} events; the stream of all showed ${seqs.join(', ')}` }];
    }),
};

export const streamsComplete: Check = {
  name: 'a stream shows every event once, in order',
  find: ({ recordings, jobs }) =>
    recordings.flatMap(({ taskId, seqs, complete }) => {
      const last = jobs.get(taskId)?.lastSeq ?? 0;
      const fits = complete && seqs.length === last && seqs.every((seq, index) => seq === index + 1);
      const what = `has ${last} events; its stream showed ${seqs.join(', ')} and ${complete ? 'ended' : 'did not end'}`;
      return fits ? [] : [{ taskId, what }];
    }),
};
