import { EventEmitter } from 'node:events';
import { Client } from 'pg';

/** A statement that was executed, with what its plan met. */
export interface Execution {
  readonly text: string;
  readonly milliseconds: number;
  /** Pages of 8 kB that it looked at, in memory or not. */
  readonly blocks: number;
  /** Tables that it reads or writes, and those that it reads from one end to the other. */
  readonly tables: readonly string[];
  readonly scanned: readonly string[];
  /** As EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) prints it. */
  readonly plan: string;
}

const settings = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_level': 'notice',
};

/** From now on every new connection to this database is told the plan of each statement, when it has been executed. */
export async function explainAll(sql: Client): Promise<void> {
  const { rows } = await sql.query<{ name: string }>('SELECT current_database() AS name');
  await sql.query(`LOAD 'auto_explain'`);
  for (const [name, value] of Object.entries(settings)) {
    await sql.query(`ALTER DATABASE ${rows[0].name} SET ${name} = '${value}'`);
  }
}

/** Every statement that an action executes on connections of this process, after {@link explainAll}; nested ones, too. */
export async function executionsOf(action: () => Promise<unknown>): Promise<Execution[]> {
  const executions: Execution[] = [];
  // A pool hides its clients, and a client tells notices to nobody but its listeners.
  Client.prototype.emit = function (this: Client, ...event: Parameters<EventEmitter['emit']>): boolean {
    const [name, notice] = event as unknown as [string, { readonly message?: string } | undefined];
    const told = name === 'notice' ? /^duration: (\S+) ms {2}plan:\n(.*)$/s.exec(notice?.message ?? '') : null;
    if (told !== null) executions.push(executionOf(Number(told[1]), told[2]));
    return EventEmitter.prototype.emit.apply(this, event);
  };
  try {
    await action();
  } finally {
    delete (Client.prototype as { emit?: unknown }).emit;
  }
  return executions;
}

function executionOf(milliseconds: number, told: string): Execution {
  const start = told.search(/^\S.*\(cost=/m);
  const plan = told.slice(start);
  // The first line on buffers is that of the root, which counts what is below it.
  const [, hit = '0', read = '0'] = /Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?/.exec(plan) ?? [];
  const named = (node: string) =>
    [...plan.matchAll(new RegExp(`${node} on (?:public\\.)?(\\w+)`, 'g'))].map(([, name]) => name);
  return {
    // Since PostgreSQL 16 its parameters follow.
    text: told
      .slice('Query Text: '.length, start)
      .replace(/\nQuery Parameters: .*$/s, '')
      .trim(),
    milliseconds,
    blocks: Number(hit) + Number(read),
    tables: named('(?:Scan(?: Backward)?(?: using \\w+)?|Insert|Update|Delete)'),
    scanned: named('Seq Scan'),
    plan,
  };
}
