import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Jobs whose worker vanished run alone: their line, laid out as the claim walks it. */
export class Isolation1700000000005 implements MigrationInterface {
  readonly name = 'Isolation1700000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX jobs_isolated ON jobs (kind, owner_id, priority DESC, run_at, id)
        WHERE recoveries > 0 AND status IN ('PENDING', 'RUNNING');
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
