import type { Fault } from '../fault.js';
import { blocking } from './event-loop-blocked.js';

const times = 2;
const watchdogSeconds = 5;

export const eventLoopWatchdog: Fault = {
  name: 'event-loop-watchdog',
  title: "a job that blocks its worker's event loop for good, until the watchdog kills the worker, twice",
  backends: ['redis', 'postgres'],
  settings: { WATCHDOG_SECONDS: String(watchdogSeconds) },
  crashes: ['SIGKILL'],
  async inject({ stage, load, strike, until }) {
    for (let time = 1; time <= times; time += 1) {
      await Promise.all(stage.workers.map((worker) => worker.becomesReady()));
      const taskId = await load.add(blocking(`blocking-${time}`, watchdogSeconds * 10_000));
      await until(async () => (await stage.workerOf(taskId)) !== undefined, 'the blocking job to start');
      const worker = await stage.workerOf(taskId);
      const blocked = worker?.pid;
      await strike({ hit: () => worker?.isAway() });
      await until(() => worker?.pid !== blocked, 'the watchdog');
    }
  },
};
