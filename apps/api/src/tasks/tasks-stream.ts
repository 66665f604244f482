import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Principal } from '@longhaul/auth';
import {
  endOf,
  JobLog,
  JobsService,
  type JobFilter,
  type LogEnd,
  type LogEntry,
  type LogPosition,
} from '@longhaul/jobs';
import { mayAnswer } from '../http/take-socket.js';
import { logId } from './log-id.js';
import { presentStreamEvent } from './present-event.js';
import { presentTask } from './present-task.js';
import type { SseConnection } from './sse-connection.js';
import { SseConnections } from './sse-connections.js';
import { frameOf, type Frame } from './sse-frame.js';
import { concerns } from './task-filter.js';
import { TextMatches } from './text-matches.js';

const frames = new WeakMap<LogEntry, Frame>();

/** Encoded once, however many clients watch. Results are left out: one task's stream, or a GET, has them. */
function entryFrame(entry: LogEntry): Frame {
  let frame = frames.get(entry);
  if (frame === undefined) {
    frame = frameOf(logId(entry.position), presentStreamEvent(entry.event, null));
    frames.set(entry, frame);
  }
  return frame;
}

type Send = (entries: readonly LogEntry[]) => Promise<void>;

/** The stream of all tasks that a caller sees: a snapshot or what was missed, then every change once. */
@Injectable()
export class TasksStream {
  constructor(
    private readonly connections: SseConnections,
    private readonly jobs: JobsService,
    private readonly log: JobLog,
  ) {}

  /**
   * @param since where the client has got to; null for a fresh connect. Too far back is a fresh connect, too.
   * @throws Problem before the stream opens only.
   */
  async open(filter: JobFilter, since: LogPosition | null, principal: Principal, reply: FastifyReply): Promise<void> {
    // What happens meanwhile is of no use to it, and may be much.
    if (!(await mayAnswer(reply.request.raw, reply.raw))) {
      reply.hijack();
      return;
    }
    const early: LogEntry[] = [];
    let take = (entries: readonly LogEntry[]): void => void early.push(...entries);
    // Watches before it reads: what happens in between is sent after what was read.
    let isBroken = false;
    let broken = (): void => void (isBroken = true);
    const live = await this.log.watch(
      (entries) => take(entries),
      () => broken(),
    );
    try {
      const resumed = since !== null && (await this.log.mayResume(since)) ? since : null;
      const first = resumed === null ? await this.snapshot(filter, live.from) : null;
      const connection = await this.connections.begin(reply, principal);
      if (connection === null) {
        live.stop();
        return;
      }
      connection.onClose(() => live.stop());
      // The client comes back, and gets a snapshot.
      broken = () => connection.end();
      if (isBroken) broken();
      const send = this.sender(connection, filter);
      if (first !== null) connection.send(first.frame);
      const isNew = first?.isNew ?? (({ event }: LogEntry) => event.xid >= (resumed?.to ?? 0n));
      if (resumed !== null) await this.replay(resumed, live.from, filter, connection, send);
      take = (entries) => void send(entries.filter(isNew));
      take(early);
    } catch (error) {
      live.stop();
      throw error;
    }
  }

  /** The first page, and a test for events that it does not show yet. */
  private async snapshot(filter: JobFilter, from: LogEnd) {
    const { jobs } = await this.jobs.page(filter);
    const shown = new Map(jobs.map((job) => [job.id, job.lastSeq]));
    const tasks = jobs.map((job) => presentTask(job));
    return {
      frame: frameOf(logId(endOf(from)), { type: 'snapshot', tasks }),
      isNew: ({ event }: LogEntry) => event.seq > (shown.get(event.jobId) ?? 0),
    };
  }

  private async replay(
    since: LogPosition,
    upTo: LogEnd,
    filter: JobFilter,
    connection: SseConnection,
    send: Send,
  ): Promise<void> {
    try {
      for await (const entries of this.log.replay(since, upTo, filter.ownerId)) {
        if (!connection.isOpen) return;
        await send(entries);
      }
    } catch {
      // The headers are out; the client comes back and resumes from its last id.
      connection.end();
    }
  }

  /** Sends in order what the filter lets through; with `q`, jobs are looked up, and what comes meanwhile queues behind. */
  private sender(connection: SseConnection, filter: JobFilter): Send {
    const matches = filter.q === undefined ? null : new TextMatches(this.jobs, filter.q);
    let queue = Promise.resolve();
    const pass = async (entries: readonly LogEntry[]) => {
      for (const entry of entries) {
        if (!concerns(entry.event, filter)) continue;
        if (matches === null || (await matches.has(entry.event.jobId))) connection.send(entryFrame(entry));
      }
    };
    return (entries) => {
      queue = queue.then(() => pass(entries)).catch(() => connection.end());
      return queue;
    };
  }
}
