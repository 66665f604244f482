import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Principal } from '@longhaul/auth';
import { JobFeed, JobsService, type FeedEvent, type JobFilter } from '@longhaul/jobs';
import { presentStreamEvent } from './present-event.js';
import { presentTask } from './present-task.js';
import { frameOf, type SseConnection } from './sse-connection.js';
import { SseConnections } from './sse-connections.js';
import { concerns } from './task-filter.js';
import { TextMatches } from './text-matches.js';
import { watermarkOf } from './watermark.js';

/** An event becomes visible this long after its time at most: its transaction has to commit first. */
const overlapMs = 15_000;
/** More missed events than this are not replayed: a new snapshot says as much. */
const replayLimit = 5_000;

const frames = new WeakMap<FeedEvent, string>();

function eventFrame(event: FeedEvent): string {
  let frame = frames.get(event);
  if (frame === undefined) {
    frame = frameOf(watermarkOf(event.at), presentStreamEvent(event, event.result));
    frames.set(event, frame);
  }
  return frame;
}

/** The stream of all tasks that a caller sees: a snapshot or what was missed, then every change, at least once. */
@Injectable()
export class TasksStream {
  constructor(
    private readonly connections: SseConnections,
    private readonly jobs: JobsService,
    private readonly feed: JobFeed,
  ) {}

  /**
   * @param since where the client has got to; null for a fresh connect.
   * @throws Problem before the stream opens only.
   */
  async open(filter: JobFilter, since: Date | null, principal: Principal, reply: FastifyReply): Promise<void> {
    const waiting: FeedEvent[] = [];
    let deliver = (events: readonly FeedEvent[]): void => void waiting.push(...events);
    // Watches before it reads: what happens in between is sent after what was read.
    const unwatch = this.feed.watchAll((events) => deliver(events.filter((event) => concerns(event, filter))));
    try {
      const missed = since === null ? null : await this.missed(since, filter);
      const first = missed === null ? [await this.snapshot(filter)] : [];
      const connection = this.connections.begin(reply, principal);
      connection.onClose(unwatch);
      first.forEach((frame) => connection.send(frame));
      const send = this.sender(connection, filter);
      send([...(missed ?? []), ...waiting]);
      deliver = send;
    } catch (error) {
      unwatch();
      throw error;
    }
  }

  private async snapshot(filter: JobFilter): Promise<string> {
    const readAt = new Date();
    const jobs = await this.jobs.list(filter);
    const tasks = jobs.map((job) => presentTask(job));
    return frameOf(watermarkOf(readAt), { type: 'snapshot', tasks });
  }

  /** Null when there is too much to replay. */
  private async missed(since: Date, filter: JobFilter): Promise<FeedEvent[] | null> {
    const events = await this.feed.recent(new Date(since.getTime() - overlapMs), replayLimit);
    return events.length < replayLimit ? events.filter((event) => concerns(event, filter)) : null;
  }

  /** Sends in order; with `q`, jobs are looked up, and what comes meanwhile queues behind. */
  private sender(connection: SseConnection, { q }: JobFilter): (events: readonly FeedEvent[]) => void {
    if (q === undefined) return (events) => events.forEach((event) => connection.send(eventFrame(event)));
    const matches = new TextMatches(this.jobs, q);
    let queue = Promise.resolve();
    return (events) => {
      queue = queue
        .then(async () => {
          for (const event of events) if (await matches.has(event.jobId)) connection.send(eventFrame(event));
        })
        // The client comes back and resumes from its last id.
        .catch(() => connection.end());
    };
  }
}
