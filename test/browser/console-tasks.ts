import type { Browser } from 'playwright-core';
import { startDeployment, type Deployment } from '../support/deployment.js';
import { describeConnection } from './console-connection.js';
import { launch, type Stage } from './console-stage.js';
import { describeKeyboard } from './console-keyboard.js';
import { describeTaskPage } from './console-task-page.js';
import { describeTaskList } from './console-task-list.js';

/** The list of tasks and a task, in every weather. */
export function describeTasks(): void {
  describe('tasks', () => {
    let deployment: Deployment;
    let browser: Browser;

    beforeAll(async () => {
      [deployment, browser] = await Promise.all([
        startDeployment({
          backend: 'postgres',
          env: { SCRAPE_ALLOW_HOSTS: '127.0.0.1', TRACE_URL_TEMPLATE: 'https://traces.example.org/trace/{trace_id}' },
        }),
        launch(),
      ]);
    }, 90_000);
    afterAll(async () => {
      await browser?.close();
      await deployment?.stop();
    });
    const stage = (): Stage => ({ browser, deployment, url: deployment.apis[0].url });

    describe('the list', () => describeTaskList(stage));
    describe('the connection', () => describeConnection(stage));
    describe('the page of a task', () => describeTaskPage(stage));
    describe('the keyboard', () => describeKeyboard(stage));
  });
}
