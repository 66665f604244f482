import { DataSource } from 'typeorm';
import type { Config } from '@longhaul/config';
import { appDataSourceOptions } from '@longhaul/persistence';

/** How many jobs run on which host, for a program that is neither api nor worker. */
export class RunningByHost {
  private constructor(private readonly source: DataSource) {}

  /** Connects as the apps do; needs {@link close}. */
  static async open(config: Config): Promise<RunningByHost> {
    return new RunningByHost(await new DataSource(appDataSourceOptions(config, [])).initialize());
  }

  /** Running jobs by the host names of their workers; hosts without any are left out. In Kubernetes a host is a pod. */
  async read(): Promise<Map<string, number>> {
    // A worker's id begins with its host's name: see JobRunner.
    const rows = await this.source.query<{ host: string; running: number }[]>(
      `SELECT split_part(worker_id, ':', 1) AS host, count(*)::integer AS running
       FROM jobs WHERE status = 'RUNNING' GROUP BY 1`,
    );
    return new Map(rows.map(({ host, running }) => [host, running]));
  }

  close(): Promise<void> {
    return this.source.destroy();
  }
}
