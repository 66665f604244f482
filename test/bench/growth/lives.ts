import { PermanentError, type JobContext } from '@longhaul/jobs/worker';
import { request, testKind, type TestApi, type TestKind, type TestWorker } from '@longhaul/jobs/testing';
import { IsInt, IsString } from 'class-validator';
import { v7 as uuidV7 } from 'uuid';

export const owners = 50;
const slots = 64;
const insertsTogether = 500;

/** An input of the usual size. */
export const input = { url: 'https://example.com/pages/1', depth: 2, note: 'as long as an input is' };

class PagesInput {
  @IsString()
  url: string;

  @IsInt()
  depth: number;

  @IsString()
  note: string;
}

/** Some lines and some progress, as most handlers write them; one job in fifty fails. */
async function work(context: JobContext<object>): Promise<object> {
  context.progress({ current: 1, total: 2, message: 'half way' });
  if (context.jobId.endsWith('0')) await context.checkpoint({ page: 1 });
  context.log('info', 'Some line of a log, as long as such lines are: 42 records were read.');
  if (/[0-4]0$/.test(context.jobId)) throw new PermanentError('upstream_gone', 'The upstream said 410.');
  return { records: 42, url: 'https://example.com/some/result.json' };
}

/** One in a thousand is of the rare kind. */
export const growing = testKind('growing', work, { input: PagesInput });
export const rare = testKind('rare', work, { input: PagesInput });
export const kinds: readonly TestKind[] = [growing, rare];

/**
 * Takes jobs through their whole lives by the statements of production: submitted, claimed, noted and ended, by 64 slots
 * of one worker. Only doorbells are left out.
 */
export async function live(api: TestApi, worker: TestWorker, jobs: number, say: (text: string) => void): Promise<void> {
  let submitted = 0;
  let ended = 0;
  const submit = async (): Promise<void> => {
    while (submitted < jobs) {
      const first = submitted;
      const count = Math.min(insertsTogether, jobs - first);
      submitted += count;
      await api.store.insert(Array.from({ length: count }, (_, index) => newJob(first + index)));
      while (submitted - ended > 4 * insertsTogether) await new Promise((resolve) => setTimeout(resolve, 5));
      if (first % 50_000 === 0) say(`${ended} of ${jobs} jobs have ended`);
    }
  };
  const serve = async (kind: TestKind): Promise<void> => {
    const handler = { kind: kind.definition, handle: work };
    while (ended < jobs) {
      if (await worker.runner.serveNext(handler)) ended += 1;
      else await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  await Promise.all([submit(), serve(rare), ...Array.from({ length: slots }, () => serve(growing))]);
}

function newJob(n: number) {
  return {
    ...request(n % 1_000 === 999 ? rare : growing, {
      ownerId: `owner-${n % owners}`,
      input: { ...input, url: `https://example.com/pages/${n}` },
      metadata: { team: `team-${n % 7}` },
      ...(n % 10 === 0 && { idempotencyKey: uuidV7(), requestHash: 'a'.repeat(64) }),
    }),
    id: uuidV7(),
  };
}
