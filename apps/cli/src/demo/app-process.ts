import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/** How long a process may take to end after SIGTERM, in milliseconds; then it is killed. */
const stopMs = 8_000;
const readyMs = 60_000;
const pollMs = 100;

/** One built app as a process of its own, writing to a log file. It ends with this process, however that ends. */
export class AppProcess {
  private stopping = false;

  private constructor(
    readonly name: string,
    readonly logFile: string,
    private readonly child: ChildProcess,
  ) {}

  /** @param onDeath called when the process ends without having been asked to. */
  static start(
    name: 'api' | 'worker',
    env: Record<string, string>,
    logFile: string,
    onDeath: (error: Error) => void,
  ): AppProcess {
    const log = openSync(logFile, 'w', 0o600);
    const guard = pathToFileURL(resolve('dist/bundle/end-with-parent.js')).href;
    const main = resolve(`dist/bundle/${name}.js`);
    const child = spawn(process.execPath, ['--enable-source-maps', '--import', guard, main], {
      env: { ...process.env, ...env },
      // A process group of its own: Ctrl-C in the terminal reaches this process alone, which stops them in order.
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    const app = new AppProcess(name, logFile, child);
    child.once('error', (error) => onDeath(new Error(`The ${name} could not be started: ${error.message}`)));
    child.once('exit', (code, signal) => {
      if (!app.stopping)
        onDeath(new Error(`The ${name} ended (${signal ?? `exit code ${code}`}).\n${app.lastWords()}`));
    });
    return app;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Waits until `/health/ready` of this process is green. @throws Error when that takes too long. */
  async becomesReady(url: string, signal: AbortSignal): Promise<void> {
    for (const giveUp = Date.now() + readyMs; Date.now() < giveUp; await pause(pollMs, undefined, { signal })) {
      const answer = await fetch(`${url}/health/ready`, { signal }).catch(() => undefined);
      signal.throwIfAborted();
      await answer?.body?.cancel();
      if (answer?.ok) return;
    }
    throw new Error(`The ${this.name} is not ready after ${readyMs / 1000} s.\n${this.lastWords()}`);
  }

  /** SIGTERM, and SIGKILL if that does not help. Resolves when the process has ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (this.pid === 0 || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const kill = setTimeout(() => {
      process.stderr.write(`The ${this.name} does not end and is killed.\n`);
      this.child.kill('SIGKILL');
    }, stopMs);
    await ended.finally(() => clearTimeout(kill));
  }

  private lastWords(): string {
    const lines = readFileSync(this.logFile, 'utf8').trim().split('\n').slice(-5);
    return `The end of ${this.logFile}:\n  ${lines.join('\n  ')}`;
  }
}
