/** Clients that each read one stream. */
export interface SseLoad {
  readonly port: number;
  readonly clients: number;
  /** Streams, taken in turns. */
  readonly streams: readonly { readonly path: string; readonly token: string }[];
}

/** Once every stream has ended. */
export interface SseResult {
  /** Ticks that reached a client, each in its place; an event that is lost or comes twice fails the run. */
  readonly ticks: number;
  /** From the event's time in the database to its arrival, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}
