/** What opens connections. */
export interface Processes {
  readonly apis: number;
  readonly workers: number;
  /** DATABASE_POOL_SIZE. */
  readonly pool: number;
  readonly backend: 'redis' | 'postgres';
}

/** Connections to PostgreSQL at most. */
export interface Connections {
  readonly processes: number;
  /** Of the pools. */
  readonly pooled: number;
  /** Beside the pools, to listen. */
  readonly direct: number;
  /** For the server's administrators, the migration, the scaler and the metrics. */
  readonly reserved: number;
  readonly all: number;
}

/** A size of Azure Database for PostgreSQL, general purpose. */
export interface DatabaseServer {
  readonly cores: number;
  readonly maxConnections: number;
}

/** Default max_connections by cores: learn.microsoft.com, "Limits in Azure Database for PostgreSQL flexible server". */
const servers: readonly DatabaseServer[] = [
  { cores: 2, maxConnections: 859 },
  { cores: 4, maxConnections: 1_718 },
  { cores: 8, maxConnections: 3_437 },
  { cores: 16, maxConnections: 5_000 },
  { cores: 32, maxConnections: 5_000 },
  { cores: 48, maxConnections: 5_000 },
  { cores: 64, maxConnections: 5_000 },
  { cores: 96, maxConnections: 5_000 },
];

/** The largest default of any size. */
export const mostConnections = Math.max(...servers.map(({ maxConnections }) => maxConnections));

/** Pool × processes, and what listens beside the pools: each api for publications; without Redis every process for hints. */
export function connectionsOf({ apis, workers, pool, backend }: Processes): Connections {
  const processes = apis + workers;
  const queues = backend === 'postgres' ? pool + 10 : 0;
  const pooled = processes * (pool + queues);
  const direct = apis + (backend === 'postgres' ? processes : 0);
  // 15 are Azure's own; the migration, KEDA and a person with psql.
  const reserved = 15 + 5;
  return { processes, pooled, direct, reserved, all: pooled + direct + reserved };
}

/** The smallest server for so many cores and connections; null when there is none. @param limit a max_connections that is set. */
export function serverFor(cores: number, connections: number, limit: number | null): DatabaseServer | null {
  if (limit !== null && connections > limit) return null;
  const fits = (server: DatabaseServer) =>
    server.cores >= cores && (limit !== null || server.maxConnections >= connections);
  const server = servers.find(fits);
  return server === undefined ? null : { ...server, maxConnections: limit ?? server.maxConnections };
}
