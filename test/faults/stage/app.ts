import { spawn, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { compileCache } from '../../support/built-apps.js';
import { fakeClock } from './clock.js';
import { openHandles, residentBytes, until } from './processes.js';
import { LogFile } from './log-file.js';

export type Role = 'api' | 'worker';
export type Environment = Readonly<Record<string, string>>;
/** How a process ended: its exit code, or the signal that ended it. */
export type Exit = number | NodeJS.Signals;

/** A time during which a process cannot be expected to answer: from its end, or its freezing, until it is ready again. */
export interface Absence {
  readonly from: number;
  /** Infinity while it lasts. */
  until: number;
}

const startMs = 60_000;
const answerMs = 1_000;
/** What an orchestrator takes to start a container again. */
const restartMs = 1_000;
const readyLine: Readonly<Record<Role, RegExp>> = { api: /Longhaul API listens on/, worker: /Worker ready/ };

/** Children that still run; they must not outlive the harness. */
const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** One api or worker under supervision: whenever its process ends, it is started again, on the same port. */
export class App {
  readonly absences: Absence[] = [];
  /** Ends that nobody ordered. */
  readonly accidents: Exit[] = [];
  readonly log: LogFile;
  private child: ChildProcess | undefined;
  private exited: Promise<Exit> = Promise.resolve(0);
  private isReady = false;
  private ordered = false;
  private stopped = false;
  private clock: Environment = {};

  /**
   * @param root the tree whose sources run.
   * @param port of the api, or of the worker's health routes.
   */
  constructor(
    readonly name: string,
    readonly role: Role,
    private readonly root: string,
    readonly port: number,
    private readonly env: Environment,
    logFolder: string,
  ) {
    this.log = new LogFile(join(logFolder, `${name}.log`));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  get handles(): number {
    return openHandles(this.pid);
  }

  /** Bytes. */
  get resident(): number {
    return residentBytes(this.pid);
  }

  /** Starts the process; resolves when it is ready to work. */
  async start(): Promise<void> {
    this.launch();
    await this.becomesReady();
  }

  /** Resolves when the process that runs now, or the next one, is ready. @throws Error when that takes too long. */
  async becomesReady(): Promise<void> {
    await until(() => this.isReady || this.stopped, startMs, `${this.name} to be ready; see ${this.log.path}`);
  }

  /** Ends the process by the signal; supervision starts another one. Resolves with how it ended. */
  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<Exit> {
    this.ordered = true;
    this.isAway();
    this.child?.kill(signal);
    // Nothing can be expected of a frozen process, not even that it ends.
    if (signal === 'SIGKILL') this.child?.kill('SIGCONT');
    return this.exited;
  }

  /** Whether its event loop turns: it answers something, whatever that is, within a second. */
  async answers(): Promise<boolean> {
    return fetch(`${this.url}/health/live`, { signal: AbortSignal.timeout(answerMs) }).then(
      async (answer) => {
        await answer.body?.cancel();
        return true;
      },
      () => false,
    );
  }

  /** Takes all CPU time away, as a stalled machine would, until {@link thaw}. */
  freeze(): void {
    this.isAway();
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
    this.isBack();
  }

  /** Notes that no answer can be expected of it from now on. */
  isAway(): void {
    if (this.absences.at(-1)?.until !== Infinity) this.absences.push({ from: Date.now(), until: Infinity });
  }

  isBack(): void {
    const last = this.absences.at(-1);
    if (last?.until === Infinity) last.until = Date.now();
  }

  /** Lets its wall clock be wrong by so many seconds, at once if it runs; it has to be called before the first start. */
  async setClock(seconds: number): Promise<void> {
    const file = `${this.log.path}.clock`;
    this.clock = fakeClock(file);
    await writeFile(file, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.kill('SIGKILL');
    this.log.close();
  }

  private launch(): void {
    const loader = join(this.root, 'test/support/run-typescript.mjs');
    const main = join(this.root, 'test/faults/apps', `${this.role}.ts`);
    const child = spawn(process.execPath, ['--enable-source-maps', '--import', loader, main], {
      cwd: this.root,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NODE_COMPILE_CACHE: compileCache,
        ...this.env,
        ...this.clock,
        ...this.ports(),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.ordered = false;
    running.add(child);
    const read = (line: string) => {
      if (this.child !== child || !readyLine[this.role].test(line)) return;
      this.isReady = true;
      this.isBack();
    };
    for (const stream of [child.stdout, child.stderr]) this.log.take(stream, read);
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        running.delete(child);
        resolve(code ?? signal ?? 'SIGKILL');
        void this.goOn(code ?? signal ?? 'SIGKILL');
      });
    });
  }

  private async goOn(exit: Exit): Promise<void> {
    if (!this.ordered) this.accidents.push(exit);
    this.isAway();
    this.isReady = false;
    if (this.stopped) return;
    await pause(restartMs);
    if (!this.stopped) this.launch();
  }

  private ports(): Environment {
    return this.role === 'api' ? { PORT: String(this.port) } : { WORKER_HEALTH_PORT: String(this.port) };
  }
}
