import { call, openStream } from '../../support/deployment.js';
import type { LongerCase } from './longer-cases.js';
import { send } from './send.js';
import type { Stage } from './stage.js';

async function submit({ api, deployment }: Stage, body: object): Promise<string> {
  const { status, json, text } = await call(api, 'POST', '/tasks', { token: deployment.users.user.token, body });
  if (status !== 202) throw new Error(`Refused with ${status}: ${text}`);
  return json.task_id;
}

/** Cases of streams that open. */
export const longerStreamCases: Readonly<Record<string, LongerCase>> = {
  'sse-10': {
    title: 'a client that reconnects 100 times at random points sees every event once',
    run: async (stage) => {
      const { token } = stage.deployment.users.user;
      const id = await submit(stage, { task_type: 'simulation', duration: 4, steps: 40 });
      const url = `${stage.api.url}/tasks/${id}/stream`;
      const seen: number[] = [];
      for (let connect = 0; connect < 100; connect += 1) {
        const signal = AbortSignal.timeout(5 + ((connect * 37) % 60));
        const lastEventId = seen.at(-1) ?? 0;
        for await (const message of openStream(url, { token, lastEventId, signal })) {
          seen.push(Number(message.id));
          if (connect % 3 === 0) break;
        }
      }
      for await (const message of openStream(url, { token, lastEventId: seen.at(-1) })) seen.push(Number(message.id));
      const [{ last_seq: last }] = await stage.deployment.sql('SELECT last_seq FROM jobs WHERE id = $1', [id]);
      expect(seen).toEqual(Array.from({ length: last }, (_, index) => index + 1));
    },
  },
  'sse-11': {
    title: '200 streams of one user: 20 open, the others are 429',
    run: async ({ api, places, deployment }) => {
      const leave = new AbortController();
      const headers = { authorization: `Bearer ${deployment.users.user.token}` };
      const open = () => fetch(`${api.url}/tasks/${places.taskId}/stream`, { headers, signal: leave.signal });
      const answers = await Promise.all(Array.from({ length: 200 }, open));
      const refused = answers.filter(({ status }) => status === 429);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
      expect(refused).toHaveLength(180);
      expect(refused.every(({ headers: given }) => Number(given.get('retry-after')) > 0)).toBe(true);
      leave.abort();
      // The places are free again as soon as the connections are gone.
      const until = performance.now() + 5_000;
      for (;;) {
        const again = await fetch(`${api.url}/tasks/${places.taskId}/stream`, { headers });
        await again.body?.cancel();
        if (again.status === 200) return;
        if (performance.now() > until) throw new Error('The places of the streams were not given back.');
      }
    },
  },
  'sse-13': {
    title: 'a stream is closed when its token runs out',
    run: async ({ api, places, forge }) => {
      const began = performance.now();
      const token = forge.token('short-lived');
      const statuses: string[] = [];
      const url = `${api.url}/tasks/${places.taskId}/stream`;
      for await (const { data } of openStream(url, { token })) statuses.push(data.status);
      expect(statuses).toEqual(['PENDING']);
      expect(performance.now() - began).toBeLessThan(15_000);
    },
  },
  'sse-14': {
    title: 'event data with newlines and "event:" text forges no event',
    run: async (stage) => {
      const { token } = stage.deployment.users.user;
      const body = { task_type: 'web_scrape', url: stage.fill('http://{site}/lines'), max_attempts: 1 };
      const id = await submit(stage, body);
      const headers = { authorization: `Bearer ${token}` };
      const stream = await fetch(`${stage.api.url}/tasks/${id}/stream?from=0`, { headers });
      const blocks = (await stream.text()).split('\n\n').filter((block) => block.includes('data:'));
      const last = JSON.parse(/^data: (.*)$/m.exec(blocks.at(-1) ?? '')?.[1] ?? '');
      expect(last).toMatchObject({ type: 'succeeded', status: 'SUCCESS' });
      expect(JSON.stringify(last.result)).toContain('event: forged');
      for (const block of blocks) {
        expect(block).toMatch(/^(retry: \d+\n)?(: \S*\n)?id: \d+\ndata: [^\n]*$/);
      }
    },
  },
  'sse-16': {
    title: 'HEAD and POST on the stream are 405',
    run: async ({ api, places, deployment }) => {
      const headers = { authorization: `Bearer ${deployment.users.user.token}` };
      for (const method of ['HEAD', 'POST']) {
        const answer = await send(api.url, { method, path: `/tasks/${places.taskId}/stream`, headers });
        expect([method, answer.status]).toEqual([method, 405]);
        expect(answer.headers.allow).toContain('GET');
      }
    },
  },
  'sse-18': {
    title: 'Accept: application/json gets the stream all the same, or 406',
    run: async ({ api, places, deployment }) => {
      const leave = new AbortController();
      const answer = await fetch(`${api.url}/tasks/${places.taskId}/stream`, {
        headers: { authorization: `Bearer ${deployment.users.user.token}`, accept: 'application/json' },
        signal: leave.signal,
      });
      leave.abort();
      expect([200, 406]).toContain(answer.status);
    },
  },
};
