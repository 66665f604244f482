import type { IncomingMessage, ServerResponse } from 'node:http';
import { getQueueToken } from '@nestjs/bullmq';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Queue } from 'bullmq';
import type { FastifyInstance } from 'fastify';
import { CONFIG, type Config } from '@longhaul/config';
import { KINDS, type KindRegistry } from './kind.js';

/** Where the board is; its pages ask for paths below it. */
export const boardPath = '/admin/queues';

/**
 * Bull Board: BullMQ's own view of the doorbells. Nothing depends on it, and nothing of it is loaded before somebody looks.
 * It has a server of its own that listens nowhere: who calls {@link answer} has checked who is asking.
 */
@Injectable()
export class QueueBoard implements OnApplicationShutdown {
  private server: Promise<FastifyInstance> | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(KINDS) private readonly kinds: KindRegistry,
    private readonly modules: ModuleRef,
  ) {}

  /** Loads what is needed, so that {@link answer} can be called. @throws Error when it cannot be loaded. */
  async load(): Promise<void> {
    this.server ??= this.make().catch((error: unknown) => {
      this.server = null;
      throw error;
    });
    await this.server;
  }

  /** Answers a request whose path is {@link boardPath} or below it. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    (await this.server)?.routing(request, response);
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.server)?.close();
  }

  private async make(): Promise<FastifyInstance> {
    const [{ createBullBoard }, { BullMQAdapter }, { FastifyAdapter }, { fastify }] = await Promise.all([
      import('@bull-board/api'),
      import('@bull-board/api/bullMQAdapter'),
      import('@bull-board/fastify'),
      import('fastify'),
    ]);
    const readOnlyMode = this.config.QUEUE_BOARD !== 'write';
    const queues = [...this.kinds.keys()].map(
      (kind) =>
        new BullMQAdapter(this.modules.get<Queue>(getQueueToken(kind), { strict: false }), {
          readOnlyMode,
          description: 'Doorbells. The state of tasks is in the database: see /tasks and /admin/failed.',
        }),
    );
    const adapter = new FastifyAdapter();
    adapter.setBasePath(new URL(this.config.PUBLIC_URL).pathname.replace(/\/$/, '') + boardPath);
    createBullBoard({
      queues,
      serverAdapter: adapter,
      options: { uiConfig: { boardTitle: 'Longhaul: doorbells', hideRedisDetails: true } },
    });
    const server = fastify({ logger: false });
    await server.register(adapter.registerPlugin(), { prefix: boardPath });
    await server.ready();
    return server;
  }
}
