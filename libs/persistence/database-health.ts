import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Whether PostgreSQL answers; for readiness checks. */
@Injectable()
export class DatabaseHealth {
  constructor(private readonly source: DataSource) {}

  /** Asks the database; the connection's own time limits bound the wait. */
  async isUp(): Promise<boolean> {
    return this.source.query('SELECT 1').then(
      () => true,
      () => false,
    );
  }
}
