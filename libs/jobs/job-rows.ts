import type { Repository } from 'typeorm';
import type { JobEntity } from './job.entity.js';

/** Select list that turns columns of `jobs` into the properties of {@link JobEntity}, all or all but some. */
export function jobColumns(
  repository: Repository<JobEntity>,
  alias: string,
  without: ReadonlySet<string> = new Set(),
): string {
  return repository.metadata.columns
    .filter((column) => !without.has(column.propertyName))
    .map((column) => `${alias}.${column.databaseName} AS "${column.propertyName}"`)
    .join(', ');
}

/** Select list that turns columns of `job_events` into the properties of JobEvent. */
export const eventColumns = (alias: string): string =>
  `${alias}.job_id AS "jobId", ${alias}.seq, ${alias}.type, ${alias}.level, ${alias}.message, ${alias}.data, ${alias}.actor, ${alias}.at`;
