import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { compileCache } from '../../support/built-apps.js';
import type { Environment } from '../../faults/stage/app.js';
import { LogFile } from '../../faults/stage/log-file.js';

const root = resolve(import.meta.dirname, '../../..');
const loader = resolve(root, 'test/support/run-typescript.mjs');
/** Much longer than a start takes: a machine may be busy with other things. */
const startMs = 180_000;
const stopMs = 30_000;

/** Children that still run; they must not outlive the harness. */
const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export interface Launch {
  readonly name: string;
  /** From the root of the tree: TypeScript that runs as it is, or built JavaScript. */
  readonly script: string;
  readonly arguments?: readonly string[];
  readonly env?: Environment;
  /** The line by which it says that it is ready; what its first group matched is {@link Child.said}. */
  readonly ready?: RegExp;
  readonly logFolder: string;
  /** Whether it writes a CPU profile there when it ends. */
  readonly profile: boolean;
}

/** What a process of the harness says over IPC. */
export interface Message {
  readonly event: string;
  readonly [key: string]: unknown;
}

/** A process that is measured, or that measures. */
export class Child {
  /** What its ready line said. */
  said = '';
  private readonly log: LogFile;
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private readonly end: Promise<never>;

  private constructor(private readonly launched: Launch) {
    const { name, script, env } = launched;
    this.log = new LogFile(resolve(launched.logFolder, `${name}.log`));
    const isSource = script.endsWith('.ts');
    const flags = [
      '--enable-source-maps',
      ...(isSource ? ['--import', loader] : []),
      ...(launched.profile
        ? ['--cpu-prof', `--cpu-prof-dir=${launched.logFolder}`, `--cpu-prof-name=${name}.cpuprofile`]
        : []),
    ];
    this.child = spawn(process.execPath, [...flags, resolve(root, script), ...(launched.arguments ?? [])], {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        ...(isSource && { NODE_COMPILE_CACHE: compileCache }),
        ...env,
      },
      // A process of ours that loses this channel ends: nothing outlives a harness that was killed.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    running.add(this.child);
    this.exited = new Promise((settle) => {
      this.child.once('exit', () => {
        running.delete(this.child);
        settle();
      });
    });
    this.end = this.exited.then(() => Promise.reject(new Error(`${name} has ended; see ${this.log.path}.`)));
    this.end.catch(() => undefined);
  }

  /** Starts a process and waits until it is ready. @throws Error when it ends, or is not ready after three minutes. */
  static async start(launch: Launch): Promise<Child> {
    const child = new Child(launch);
    await child.becomesReady(launch.ready ?? /^ready ?(.*)$/);
    return child;
  }

  get name(): string {
    return this.launched.name;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  send(message: Message): void {
    this.child.send(message);
  }

  /** The next message of this name. @throws Error when the process says `failed` instead, or ends. */
  async next<T extends Message>(event: string): Promise<T> {
    let stopListening = () => {};
    const told = new Promise<T>((settle, reject) => {
      const listen = (message: unknown) => {
        const { event: heard } = message as Message;
        if (heard === event) settle(message as T);
        if (heard === 'failed') reject(new Error(`${this.name}: ${String((message as Message).why)}`));
      };
      this.child.on('message', listen);
      stopListening = () => this.child.off('message', listen);
    });
    return Promise.race([told, this.end]).finally(stopListening);
  }

  /** SIGTERM, and after a while SIGKILL; or SIGKILL at once. Resolves when it has ended. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    // A profile is written at an orderly end.
    this.child.kill(this.launched.profile ? 'SIGTERM' : signal);
    const patience = setTimeout(() => this.child.kill('SIGKILL'), stopMs);
    await this.exited;
    clearTimeout(patience);
    this.log.close();
  }

  private async becomesReady(line: RegExp): Promise<void> {
    let patience: NodeJS.Timeout | undefined;
    const ready = new Promise<void>((settle, reject) => {
      patience = setTimeout(() => reject(new Error(`${this.name} is not ready; see ${this.log.path}.`)), startMs);
      const read = (text: string) => {
        const found = line.exec(text);
        if (found === null) return;
        this.said = found[1] ?? '';
        settle();
      };
      for (const stream of [this.child.stdout, this.child.stderr]) if (stream !== null) this.log.take(stream, read);
    });
    try {
      await Promise.race([ready, this.end]);
    } catch (error) {
      await this.stop('SIGKILL');
      throw error;
    } finally {
      clearTimeout(patience);
    }
  }
}
