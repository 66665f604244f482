import { DataSource } from 'typeorm';
import type { Config } from '@longhaul/config';
import { appDataSourceOptions } from '@longhaul/persistence';
import { auditChain, type ChainWalk } from './chain-audit.js';
import { auditPublished } from './published-audit.js';
import type { ChainHead } from './review-rows.js';

/** What an audit of the approval history has found. */
export interface AuditReport extends ChainWalk {
  /** Items that the site shows. */
  readonly posts: number;
  /** One sentence each; none: everything is as it was decided. */
  readonly problems: readonly string[];
  /** Problems that are not in the list, which has room for the first ones. */
  readonly more: number;
}

const mostProblems = 50;

/**
 * Proves that the approval history is whole, and that the public site shows what was decided, on a connection of its own
 * and as of one moment.
 * @param anchor a head that was noted before, from the log or an export.
 */
export async function auditContent(config: Config, anchor: ChainHead | null): Promise<AuditReport> {
  const database = await new DataSource(appDataSourceOptions(config, [])).initialize();
  const problems: string[] = [];
  let more = 0;
  const found = (problem: string) => {
    if (problems.length < mostProblems) problems.push(problem);
    else more += 1;
  };
  try {
    return await database.transaction('REPEATABLE READ', async (manager) => {
      const walk = await auditChain(manager, anchor, found);
      const posts = await auditPublished(manager, found);
      return { ...walk, posts, problems, more };
    });
  } finally {
    await database.destroy();
  }
}
