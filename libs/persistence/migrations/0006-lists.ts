import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists of what did not end well, which are short among all that did. */
export class Lists1700000000006 implements MigrationInterface {
  readonly name = 'Lists1700000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Without these a page of failed tasks walks through the whole history of its owner, or of everybody.
      CREATE INDEX jobs_not_succeeded_of_owner ON jobs (owner_id, id DESC) WHERE status IN ('FAILED', 'CANCELLED');
      CREATE INDEX jobs_not_succeeded ON jobs (id DESC) WHERE status IN ('FAILED', 'CANCELLED');
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
