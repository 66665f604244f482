import type { Pool, PoolClient } from 'pg';
import type { EntityManager } from 'typeorm';

/**
 * Runs a statement that each connection plans once and then keeps, in the transaction of the manager if there is one.
 * For those that are run all the time and take long to plan; TypeORM's own `query` knows no names.
 * @param name of this text, and of no other.
 */
export async function runPrepared<Row extends object>(
  manager: EntityManager,
  name: string,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const runner = manager.queryRunner;
  const client = (await runner?.connect()) as PoolClient | undefined;
  const pool = (manager.dataSource.driver as unknown as { readonly master: Pool }).master;
  const { rows } = await (client ?? pool).query<Row>({ name, text, values: [...values] });
  return rows;
}
