import { setTimeout as pause } from 'node:timers/promises';
import { QuietLog } from './quiet-log.js';

function recorded(intervalMs: number) {
  const lines: unknown[] = [];
  const quiet = new QuietLog(
    {
      warn: (line: unknown) => lines.push(line),
      error: (details: unknown, line: unknown) => lines.push([details, line]),
    },
    intervalMs,
  );
  return { lines, quiet };
}

describe('the quiet log', () => {
  it('writes the same message once in a while, and others at once', () => {
    const { lines, quiet } = recorded(60_000);
    for (let time = 0; time < 10_000; time += 1) quiet.warn('Redis is READONLY');
    quiet.warn('Redis is gone');
    quiet.error('Job failed', { jobId: 1 });
    quiet.error('Job failed', { jobId: 2 });
    expect(lines).toEqual(['Redis is READONLY', 'Redis is gone', [{ jobId: 1 }, 'Job failed']]);
  });

  it('says how many were held back', async () => {
    const { lines, quiet } = recorded(5);
    for (let time = 0; time < 3; time += 1) quiet.warn('again');
    const heldBack = 3 - lines.length;
    await pause(6);
    quiet.warn('again');
    expect(lines.at(-1)).toBe(heldBack > 0 ? `again (and ${heldBack} more like it)` : 'again');
  });
});
