import { api, unwrap, type Schemas } from '../api/client.js';

type LogLine = Schemas['TaskLogDto'];

const pageSize = 1_000;

/** The whole log of a task. */
export async function fetchLogs(taskId: string): Promise<readonly LogLine[]> {
  const lines: LogLine[] = [];
  for (;;) {
    const query = { after: lines.at(-1)?.seq ?? 0, limit: pageSize };
    const page = await unwrap(api.GET('/tasks/{id}/logs', { params: { path: { id: taskId }, query } }));
    lines.push(...page);
    if (page.length < pageSize) return lines;
  }
}

export function logText({ timestamp, level, message }: LogLine): string {
  return `${timestamp} ${level.padEnd(5)} ${message}`;
}
