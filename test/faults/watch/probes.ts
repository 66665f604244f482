import type { App } from '../stage/app.js';

export interface Probe {
  readonly app: string;
  readonly route: 'live' | 'ready';
  /** When it was sent and answered, in wall-clock milliseconds. */
  readonly at: number;
  readonly answeredAt: number;
  /** 0: no answer. */
  readonly status: number;
}

const everyMs = 500;
/** As an orchestrator is told to wait. */
const patienceMs = 5_000;

/** Asks every process for its health twice a second, and keeps the answers. */
export class Probes {
  readonly taken: Probe[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(apps: readonly App[]) {
    this.timer = setInterval(() => {
      for (const app of apps) {
        void this.take(app, 'live');
        void this.take(app, 'ready');
      }
    }, everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async take(app: App, route: Probe['route']): Promise<void> {
    const at = Date.now();
    const status = await fetch(`${app.url}/health/${route}`, { signal: AbortSignal.timeout(patienceMs) })
      .then(async (answer) => {
        await answer.body?.cancel();
        return answer.status;
      })
      .catch(() => 0);
    this.taken.push({ app: app.name, route, at, answeredAt: Date.now(), status });
  }
}
