import { createHash } from 'node:crypto';
import type { PoolClient, Pool, QueryResultRow } from 'pg';
import type { EntityManager } from 'typeorm';

/** By text. There are as many as the code has statements: their texts are fixed. */
const names = new Map<string, string>();

/**
 * Runs a statement that each connection parses and plans only once, which is most of the cost of a short one. TypeORM
 * has no word for that, so the statement goes to its pool, or to the connection of the transaction it is in.
 * @param text fixed: everything that changes is a parameter, or every variant would be kept for ever.
 */
export async function preparedQuery<Row extends QueryResultRow>(
  manager: EntityManager,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  const { queryRunner } = manager;
  const connection = queryRunner === undefined ? poolOf(manager) : ((await queryRunner.connect()) as PoolClient);
  const { rows } = await connection.query<Row>({ name: nameOf(text), text, values });
  return rows;
}

function poolOf(manager: EntityManager): Pool {
  return (manager.dataSource.driver as unknown as { readonly master: Pool }).master;
}

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `lh_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
  names.set(text, name);
  return name;
}
