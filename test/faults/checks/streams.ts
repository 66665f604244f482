import type { Check } from './check.js';

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
