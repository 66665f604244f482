import { texts } from '../texts.js';
import { Page } from '../ui/page.js';

export function TasksPage() {
  return <Page title={texts.tasks.title}>…</Page>;
}
