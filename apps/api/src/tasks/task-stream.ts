import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Principal } from '@longhaul/auth';
import { isTerminal, JobFeed, type FeedEvent, type JobEntity } from '@longhaul/jobs';
import { presentSnapshot, presentStreamEvent } from './present-event.js';
import type { SseConnection } from './sse-connection.js';
import { SseConnections } from './sse-connections.js';
import { frameOf, framesTogether, type Frame } from './sse-frame.js';
import type { StreamPosition } from './stream-position.js';

/** Encoded once, however many clients watch. */
const frames = new WeakMap<FeedEvent, Frame>();
/** The same for events that are handed to many clients together. */
const joined = new WeakMap<readonly FeedEvent[], Frame>();

function eventFrame(event: FeedEvent): Frame {
  let frame = frames.get(event);
  if (frame === undefined) {
    frame = frameOf(event.seq, presentStreamEvent(event, event.result));
    frames.set(event, frame);
  }
  return frame;
}

function eventsFrame(events: readonly FeedEvent[]): Frame {
  let frame = joined.get(events);
  if (frame === undefined) {
    frame = framesTogether(events.map(eventFrame));
    joined.set(events, frame);
  }
  return frame;
}

/** The event stream of one task: a snapshot or the events that were missed, then every event, then the end. */
@Injectable()
export class TaskStream {
  constructor(
    private readonly connections: SseConnections,
    private readonly feed: JobFeed,
  ) {}

  /**
   * Streams until the task ends or is removed, the token expires or the client leaves. Answers 204 when the client has seen the end.
   * @param job as just read: the snapshot shows it, and the feed goes on right after its newest event.
   * @throws Problem before the stream opens only.
   */
  async open(job: JobEntity, { after }: StreamPosition, principal: Principal, reply: FastifyReply): Promise<void> {
    if (after !== null && isTerminal(job.status) && after >= job.lastSeq) {
      void reply.code(204).send();
      return;
    }
    const connection = await this.connections.begin(reply, principal);
    if (connection === null) return;
    if (after === null) connection.send(frameOf(job.lastSeq, presentSnapshot(job)));
    if (after === null && isTerminal(job.status)) {
      connection.end();
      return;
    }
    const seen = after ?? job.lastSeq;
    // A client that claims to be ahead must still get the end, so the feed never starts behind the newest event.
    const unwatch = this.feed.watch(
      job.id,
      Math.min(seen, job.lastSeq),
      (events) => this.deliver(events, seen, connection),
      // The client comes back, and is told if the task is gone.
      () => connection.end(),
    );
    connection.onClose(unwatch);
  }

  private deliver(events: readonly FeedEvent[], seen: number, connection: SseConnection): void {
    const first = events[0]?.seq ?? 0;
    const fresh = first > seen ? events : events.filter(({ seq }) => seq > seen);
    if (fresh.length > 0) connection.send(eventsFrame(fresh));
  }
}
