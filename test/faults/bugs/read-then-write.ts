import { cancelledStays, legalHistory, oneEndARound } from '../checks/jobs.js';
import type { Bug } from './bug.js';
import { cancelledAtTheEnd } from './situations.js';

export const readThenWrite: Bug = {
  name: 'read-then-write',
  title: 'a transition reads the row, decides, and then writes without looking again',
  edits: [
    {
      file: 'libs/jobs/job.store.ts',
      find: `    const { from, to } = transitions[name];
    const rows`,
      replace: `    const { from, to } = transitions[name];
    const found = await this.jobs.findOneBy({ id });
    if (found === null || !from.includes(found.status) || (fence !== null && found.fence !== fence)) return null;
    const rows`,
    },
    {
      file: 'libs/jobs/job.store.ts',
      find: 'WHERE id = $1 AND status = ANY($2) AND ($4::integer IS NULL OR fence = $4) ${guard}',
      replace: 'WHERE id = $1 AND $2::text[] IS NOT NULL AND ($4::integer IS NULL OR fence = $4) ${guard}',
    },
    {
      file: 'libs/jobs/attempt.store.ts',
      find: `private async update(writes: readonly Write[]): Promise<Map<string, WrittenJob>> {
`,
      replace: `private async update(asked: readonly Write[]): Promise<Map<string, WrittenJob>> {
    const found = await this.jobs.findBy(asked.map(({ id, fence }) => ({ id, fence, status: 'RUNNING' as const })));
    const writes = asked.filter((write) => found.some(({ id }) => id === write.id));
`,
    },
    {
      file: 'libs/jobs/attempt.store.ts',
      find: `jobs.fence = wanted.fence AND jobs.status = 'RUNNING'`,
      replace: `jobs.fence = wanted.fence`,
    },
  ],
  fault: cancelledAtTheEnd,
  backend: 'postgres',
  jobs: 400,
  caughtBy: [oneEndARound, legalHistory, cancelledStays],
};
