import { describeConnection } from './console-connection.js';
import { setStage, type Stage } from './console-stage.js';
import { describeKeyboard } from './console-keyboard.js';
import { describeTaskPage } from './console-task-page.js';
import { describeTaskList } from './console-task-list.js';

/** The list of tasks and a task, in every weather. */
export function describeTasks(): void {
  describe('tasks', () => {
    let made: Stage;
    setStage(
      {
        backend: 'postgres',
        env: { SCRAPE_ALLOW_HOSTS: '127.0.0.1', TRACE_URL_TEMPLATE: 'https://traces.example.org/trace/{trace_id}' },
      },
      (stage) => void (made = stage),
    );
    const stage = () => made;

    describe('the list', () => describeTaskList(stage));
    describe('the connection', () => describeConnection(stage));
    describe('the page of a task', () => describeTaskPage(stage));
    describe('the keyboard', () => describeKeyboard(stage));
  });
}
