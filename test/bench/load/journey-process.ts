// Follows jobs from the POST until SUCCESS is seen, one after the other; and makes the load that others' ways are measured under.
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { obey, tell } from '../stage/told.js';
import { send } from './http-client.js';
import type { Journey } from './journey.js';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
let number = 0;
let stopLoad = new AbortController();

obey({
  follow: async ({ journey }: { journey: Journey }) => {
    const times: number[] = [];
    for (let job = 0; job < journey.jobs; job += 1) {
      const from = performance.now();
      await follow(journey);
      times.push(performance.now() - from);
    }
    tell({ event: 'followed', times });
  },
  /** Open loop: so many submits a second, evenly, whatever the answers do. */
  press: async ({ journey, rate }: { journey: Journey; rate: number }) => {
    stopLoad = new AbortController();
    const from = performance.now();
    for (let sent = 0; !stopLoad.signal.aborted; await pause(2)) {
      const due = ((performance.now() - from) / 1000) * rate;
      for (; sent < due; sent += 1)
        submit(journey).catch((error: Error) => tell({ event: 'failed', why: error.message }));
    }
    tell({ event: 'pressed' });
  },
  release: () => stopLoad.abort(),
});

async function follow(journey: Journey): Promise<void> {
  const { url, path, way } = journey;
  const posted = await submit(journey, way === 'post' ? { prefer: 'wait=25' } : {});
  const {
    task_id: taskId,
    id = taskId,
    status,
  } = JSON.parse(posted) as { task_id?: string; id?: string; status: string };
  const headers = { ...authorized(journey), ...(way === 'get' && { prefer: 'wait=25' }) };
  for (let seen = status; seen !== 'SUCCESS';) {
    if (seen !== 'PENDING' && seen !== 'RUNNING') throw new Error(`The job ${id} is ${seen}.`);
    const answer = await send({ url: `${url}${path}/${id}`, method: 'GET', agent, headers }, 200);
    seen = (JSON.parse(answer) as { status: string }).status;
  }
}

function submit(journey: Journey, headers: Record<string, string> = {}): Promise<string> {
  const body = JSON.stringify({ task_type: 'noop', n: (number += 1) });
  const all = {
    ...authorized(journey),
    ...headers,
    'content-type': 'application/json',
    'content-length': String(body.length),
  };
  return send({ url: journey.url + journey.path, method: 'POST', agent, headers: all, body }, 202);
}

function authorized({ token }: Journey): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}
