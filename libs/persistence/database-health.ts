import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** A database that is there answers much sooner. */
const patienceMs = 2_000;

/** Whether PostgreSQL answers; for readiness checks. */
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
}
