import { MultiBar, type SingleBar } from 'cli-progress';
import type { TaskEvent } from './api-client.js';

/** Shows how far several tasks have come. */
export interface ProgressView {
  show(task: string, event: TaskEvent): void;
  /** Gives the terminal back. */
  end(): void;
}

/** Bars in a terminal, lines anywhere else. */
export function progressView(tasks: readonly string[]): ProgressView {
  return process.stdout.isTTY ? new Bars(tasks) : new Lines();
}

const width = 24;

/** One bar for each task, side by side. */
class Bars implements ProgressView {
  private readonly screen = new MultiBar({
    format: '  {task}  {bar} {percentage} %  {status}  {detail}',
    barsize: width,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    linewrap: false,
    gracefulExit: false,
    autopadding: true,
  });
  private readonly bars: ReadonlyMap<string, SingleBar>;

  constructor(tasks: readonly string[]) {
    this.bars = new Map(
      tasks.map((task) => [task, this.screen.create(100, 0, { task, status: 'PENDING', detail: '' })]),
    );
  }

  show(task: string, { status, progress }: TaskEvent): void {
    const bar = this.bars.get(task);
    const detail = progress === null ? {} : { detail: detailOf(progress).slice(0, room()) };
    const percent = status === 'SUCCESS' ? 100 : Math.floor(progress?.percent ?? -1);
    if (percent >= 0) bar?.update(percent, { status: status.padEnd(9), ...detail });
    else bar?.update({ status: status.padEnd(9) });
  }

  end(): void {
    this.screen.stop();
  }
}

/** One line for each change of status, and one for every tenth of the way. */
class Lines implements ProgressView {
  private readonly shown = new Map<string, { status: string; tenth: number }>();

  show(task: string, { status, progress }: TaskEvent): void {
    const last = this.shown.get(task) ?? { status: '', tenth: 0 };
    const tenth = Math.floor((progress?.percent ?? 0) / 10);
    const moved = progress !== null && tenth !== last.tenth;
    if (status === last.status && !moved) return;
    this.shown.set(task, { status, tenth: progress === null ? last.tenth : tenth });
    const detail =
      progress === null ? '' : `${String(Math.floor(progress.percent)).padStart(3)} %  ${detailOf(progress)}`;
    process.stdout.write(`${`  ${task}  ${status.padEnd(9)}  ${detail}`.trimEnd()}\n`);
  }

  end(): void {
    // Lines leave nothing behind.
  }
}

/** "9 of 30, /docs/architecture": of a URL the path is enough. */
function detailOf({ current, total, message }: NonNullable<TaskEvent['progress']>): string {
  const count = current === null || total === null ? [] : [`${current} of ${total}`];
  const text = message?.startsWith('http') ? [URL.parse(message)?.pathname ?? message] : [];
  return [...count, ...text].join('  ');
}

/** Characters that are left of a line for the detail. */
function room(): number {
  return Math.max(10, (process.stdout.columns || 80) - width - 35);
}
