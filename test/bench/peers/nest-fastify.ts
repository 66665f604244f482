// A Nest application on Fastify that answers at once: no token, no validation, nothing stored. What HTTP costs alone.
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { obey } from '../stage/told.js';

@Controller('tasks')
class BareController {
  @Post()
  @HttpCode(202)
  submit(@Body() { n }: { n: number }): object {
    return { task_id: randomUUID(), n, status: 'PENDING' };
  }

  @Get(':id')
  find(@Param('id') id: string): object {
    return finished(id);
  }
}

@Module({ controllers: [BareController] })
class BareModule {}

/** As large as the body of a finished task of Longhaul. */
function finished(id: string): object {
  const at = new Date().toISOString();
  return {
    task_id: id,
    task_type: 'noop',
    status: 'SUCCESS',
    progress: { percent: 100, current: null, total: null, message: null },
    result_payload: {},
    error: null,
    metadata: {},
    created_at: at,
    started_at: at,
    completed_at: at,
    run_at: at,
    retry_count: 0,
    max_attempts: 4,
    owner_id: id,
    logs: [],
    links: {
      self: `/tasks/${id}`,
      stream: `/tasks/${id}/stream`,
      logs: `/tasks/${id}/logs`,
      events: `/tasks/${id}/events`,
    },
  };
}

const app = await NestFactory.create<NestFastifyApplication>(BareModule, new FastifyAdapter(), { logger: ['error'] });
await app.listen(0, '127.0.0.1');
obey({}, await app.getUrl());
