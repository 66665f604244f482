import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';

/** A database that is there answers much sooner. */
const patienceMs = 2_000;

/** Connections of this process. */
export interface PoolUse {
  readonly used: number;
  readonly idle: number;
  /** Statements that wait for one. */
  readonly waiting: number;
  /** Connections that there may be. */
  readonly max: number;
}

/** Whether PostgreSQL answers, and how its connections are used; for readiness checks and metrics. */
@Injectable()
export class DatabaseHealth {
  constructor(private readonly source: DataSource) {}

  /** Asks the database; takes two seconds at most. */
  async isUp(): Promise<boolean> {
    const answered = new AbortController();
    const tooLate = pause(patienceMs, false, { signal: answered.signal }).catch(() => false);
    const answer = this.source.query('SELECT 1').then(
      () => true,
      () => false,
    );
    return Promise.race([answer, tooLate]).finally(() => answered.abort());
  }

  poolUse(): PoolUse {
    return poolUseOf((this.source.driver as unknown as { readonly master: Pool }).master);
  }
}

/** How the connections of a pool are used. */
export function poolUseOf({ totalCount, idleCount, waitingCount, options }: Pool): PoolUse {
  return { used: totalCount - idleCount, idle: idleCount, waiting: waitingCount, max: options.max };
}
