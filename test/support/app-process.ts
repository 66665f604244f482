import { spawn, type ChildProcess } from 'node:child_process';
import { builtApps } from './built-apps.js';

/** How a process ended: its exit code, or the signal that ended it. */
export type Exit = number | NodeJS.Signals;

/** A built app that runs as a process of its own. */
export interface AppProcess {
  readonly pid: number;
  /** Resolves with how it ended. */
  readonly exited: Promise<Exit>;
  /** Sends the signal (SIGTERM unless named) and resolves when the process has ended; SIGSTOP and SIGCONT at once. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** What it wrote to standard output and standard error so far. */
  logs(): string;
}
export interface ApiProcess extends AppProcess {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
}
export type WorkerProcess = AppProcess;

const startMs = 25_000;
/** Children that still run; they must not outlive the test run, however it ends. */
const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Starts an api and waits until it listens. */
export async function startApiProcess(env: Record<string, string>): Promise<ApiProcess> {
  const { app, ready } = await start('api', env, /^Longhaul API listens on (http:\S+)$/m);
  return { ...app, url: ready[1].replace(/\/$/, '') };
}

/** Starts a worker and waits until it takes jobs. */
export async function startWorkerProcess(env: Record<string, string>): Promise<WorkerProcess> {
  return (await start('worker', env, /Worker ready/)).app;
}

async function start(name: keyof typeof builtApps, env: Record<string, string>, readyLine: RegExp) {
  const child = spawn(process.execPath, ['--enable-source-maps', builtApps[name]], {
    // Nothing of this process's settings may leak in; NODE_OPTIONS of a test run would break the apps.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      running.delete(child);
      resolve(code ?? signal ?? 'SIGKILL');
    });
  });
  const ready = new Promise<RegExpExecArray>((resolve, reject) => {
    const fail = (why: string) => {
      child.kill('SIGKILL');
      reject(new Error(`The ${name} ${why}:\n${output.slice(-4_000)}`));
    };
    const timer = setTimeout(() => fail(`was not ready after ${startMs} ms`), startMs);
    const read = (text: string) => {
      output += text;
      const found = readyLine.exec(output);
      if (found === null) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    void exited.then((exit) => {
      clearTimeout(timer);
      fail(`ended with ${exit}`);
    });
  });
  return { app: processOf(child, exited, () => output), ready: await ready };
}

function processOf(child: ChildProcess, exited: Promise<Exit>, logs: () => string): AppProcess {
  return {
    pid: child.pid ?? 0,
    exited,
    logs,
    kill: async (signal = 'SIGTERM') => {
      child.kill(signal);
      if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await exited;
    },
  };
}
