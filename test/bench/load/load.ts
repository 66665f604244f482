import type { Round } from '../measures.js';
import type { Child } from '../stage/child.js';
import { CpuMeter, perUnit, type Metered } from '../stage/cpu.js';
import type { Stage } from '../stage/stage.js';
import type { HttpLoad, HttpLoadResult } from './http-load.js';

/** A load; without times of its own it takes those of the run. */
export type LoadPlan = Omit<HttpLoad, 'warmUpMs' | 'measureMs'> & Partial<Pick<HttpLoad, 'warmUpMs' | 'measureMs'>>;

/** A process that makes HTTP load. */
export class Load {
  private constructor(
    private readonly stage: Stage,
    private readonly child: Child,
  ) {}

  static async start(stage: Stage): Promise<Load> {
    return new Load(stage, await stage.start({ name: 'load', script: 'test/bench/load/http-load-process.ts' }));
  }

  get metered(): Metered {
    return { name: 'load', pid: this.child.pid };
  }

  /** Carries a load out. @throws Error when an answer is not the expected one. */
  async run(plan: LoadPlan): Promise<HttpLoadResult> {
    const loaded = this.child.next<{ event: string; result: HttpLoadResult }>('loaded');
    const { warmUpMs, measureMs } = this.stage.options;
    this.child.send({ event: 'load', load: { warmUpMs, measureMs, ...plan } satisfies HttpLoad });
    return (await loaded).result;
  }

  /**
   * Throughput, latency, and CPU time a request. @param processes whose CPU time is measured.
   * @param shares of the answers, in percent, whose latency is named.
   */
  async round(
    plan: LoadPlan,
    processes: readonly Metered[],
    shares: readonly (50 | 95 | 99)[] = [50, 99],
  ): Promise<Round> {
    let cpu: Record<string, number> = {};
    const metered = [...processes, this.metered];
    const counting = this.child.next('counting');
    const counted = this.child.next('counted');
    // Nobody waits for it yet when the process ends early.
    counted.catch(() => undefined);
    const loaded = this.run(plan);
    const span = counting.then(async () => {
      const meter = new CpuMeter(metered);
      await counted;
      cpu = { ...meter.read() };
    });
    const [result] = await Promise.all([loaded, span]);
    const { answers, seconds, max } = result;
    const latencies = Object.fromEntries(shares.map((share) => [`p${share}_ms`, result[`p${share}`]]));
    return {
      values: { requests_per_second: answers / seconds, ...latencies, max_ms: max },
      cpu: perUnit(cpu, answers),
    };
  }
}
