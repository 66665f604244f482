import type { Page } from 'playwright-core';
import { call, type Deployment, type DeployedUser } from '../support/deployment.js';
import { visit, type Stage, type Visit } from './console-stage.js';

/** What a page that was scraped may be called. */
export const hostile = `<img src=x onerror="document.title='broken'">`;

/** A task as far as the tests look at it. */
interface SeenTask {
  readonly task_id: string;
  readonly status: string;
}

/** Calls of the api beside the browser, and visits of who is signed in. */
export class Work {
  constructor(private readonly stage: () => Stage) {}

  get deployment(): Deployment {
    return this.stage().deployment;
  }

  get url(): string {
    return this.stage().url;
  }

  /** A browser of its own on a page of the console, signed in. */
  async opened(user: DeployedUser, path: string): Promise<Visit> {
    const made = await visit(this.stage().browser);
    const { username, password } = user;
    const answer = await made.context.request.post(`${this.url}/console/session`, {
      data: { username, password },
      headers: { origin: this.url },
    });
    expect(answer.status()).toBe(200);
    await made.page.goto(`${this.url}/console${path}`);
    await made.page.getByRole('button', { name: `Account of ${username}` }).waitFor();
    return made;
  }

  /** @returns the id of the task. */
  async submit({ token }: DeployedUser, body: object): Promise<string> {
    const { status, json } = await call(this.url, 'POST', '/tasks', { token, body });
    expect([status, json]).toEqual([202, expect.anything()]);
    return (json as SeenTask).task_id;
  }

  /** @returns the ids in their order. */
  async submitMany({ token }: DeployedUser, body: readonly object[]): Promise<string[]> {
    const { json } = await call(this.url, 'POST', '/tasks/batch', { token, body });
    return (json as SeenTask[]).map(({ task_id }) => task_id);
  }

  /** @returns the status in which the task has ended. */
  async ended(id: string): Promise<string> {
    const { token } = this.deployment.users.admin;
    for (;;) {
      const { json } = await call(this.url, 'GET', `/tasks/${id}`, { token, headers: { prefer: 'wait=10' } });
      const { status } = json as SeenTask;
      if (['SUCCESS', 'FAILED', 'CANCELLED'].includes(status)) return status;
    }
  }
}

export const simulation = (duration: number, more: object = {}) => ({
  task_type: 'simulation',
  duration,
  steps: Math.max(1, duration * 4),
  ...more,
});

/** One that nobody begins during the tests. */
export const later = (more: object = {}) =>
  simulation(0, { run_at: new Date(Date.now() + 86_400_000).toISOString(), ...more });

export const failing = (more: object = {}) => simulation(0, { fail_probability: 1, max_attempts: 1, ...more });

/** The id in the address of a task's page. */
export function idOf(page: Page): string {
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/** The row of a task in the list. */
export function rowOf(page: Page, id: string) {
  return page.getByRole('row').filter({ hasText: id.slice(-12) });
}
