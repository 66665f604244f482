import { call, type Answer } from '../../support/deployment.js';
import { expectProblem, memoryOf } from './checks.js';
import type { ScrapeCase } from './hostile-case.js';
import type { LongerCase } from './longer-cases.js';
import type { Stage } from './stage.js';

const address = /\d+\.\d+\.\d+\.\d+|::|169\.254|10\.0\.0|168\.63/;

/** Submits a scrape and waits for its end. @returns the task, or the answer that refused it. */
async function scrape({ api, deployment }: Stage, url: string): Promise<Answer> {
  const { token } = deployment.users.user;
  const body = { task_type: 'web_scrape', url, max_attempts: 1 };
  const answer = await call(api, 'POST', '/tasks', { token, body, headers: { prefer: 'wait=20' } });
  if (answer.status !== 202 || answer.json.completed_at !== null) return answer;
  throw new Error(`The scrape of ${url} has not ended: ${answer.text}`);
}

/** The address as it stands and, where it has no port, with the one that the canary listens on. */
function variants(stage: Stage, url: string): string[] {
  const filled = stage.fill(url);
  const port = stage.fill('{canaryPort}');
  return [...new Set([filled, filled.replace(/^(http:\/\/(?:[^/:@[\]\\]+|\[[^\]]+\]))\//, `$1:${port}/`)])];
}

/** Either refused with 422, or FAILED with the code; the text tells no address, and the canary sees nothing. */
export async function expectBlocked(stage: Stage, { url, error = 'url_blocked' }: ScrapeCase): Promise<void> {
  const [worker] = stage.deployment.workers;
  const before = memoryOf(worker.pid);
  for (const variant of variants(stage, url)) {
    const { status, json, text, headers } = await scrape(stage, variant);
    if (status === 422) {
      expectProblem(422, headers.get('content-type') ?? '', text);
      expect(json.errors[0].pointer).toBe('/url');
      expect(JSON.stringify(json.errors)).not.toMatch(address);
    } else {
      expect([status, json.status, json.error?.code]).toEqual([202, 'FAILED', error]);
      expect(json.error.message).not.toMatch(address);
    }
  }
  expect(stage.site.canarySaw).toEqual([]);
  const after = memoryOf(worker.pid);
  if (after !== undefined) expect(after - (before ?? 0)).toBeLessThan(50);
}

/** Scrapes that end well, or badly in their own way. */
export const longerScrapeCases: Readonly<Record<string, LongerCase>> = {
  'scrape-73': {
    title: 'a charset that lies gives replacement characters',
    run: async (stage) => {
      const { json } = await scrape(stage, stage.fill('http://{site}/charset'));
      expect(json).toMatchObject({ status: 'SUCCESS' });
      expect(JSON.stringify(json.result_payload)).not.toMatch(/\\u0000|\\ud[89a-f]/i);
    },
  },
};
