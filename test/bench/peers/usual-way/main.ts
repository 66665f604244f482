// What a user would write instead: Nest + BullMQ + TypeORM as their guides show them. A row a job, save() at each change
// of status, QueueEvents to SSE. Fastify is the faster one of Nest's adapters. Run as `api` and as `worker`.
import 'reflect-metadata';
import { BullModule } from '@nestjs/bullmq';
import { Module, ValidationPipe } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { TypeOrmModule } from '@nestjs/typeorm';
import { obey } from '../../stage/told.js';
import { Job } from './job.entity.js';
import { JobEvents, JobsController } from './jobs.controller.js';
import { JobsProcessor } from './jobs.processor.js';
import { JwtStrategy } from './jwt.strategy.js';

const redis = new URL(process.env.REDIS_URL ?? '');
const stores = [
  TypeOrmModule.forRoot({ type: 'postgres', url: process.env.DATABASE_URL, entities: [Job], synchronize: true }),
  TypeOrmModule.forFeature([Job]),
  BullModule.forRoot({
    connection: { host: redis.hostname, port: Number(redis.port), password: redis.password },
    prefix: 'usual-way',
  }),
  BullModule.registerQueue({ name: 'jobs' }),
];

@Module({
  imports: [...stores, PassportModule, ThrottlerModule.forRoot([{ ttl: 60_000, limit: 10_000_000 }])],
  controllers: [JobsController],
  providers: [JobEvents, JwtStrategy, { provide: APP_GUARD, useClass: ThrottlerGuard }],
})
class ApiModule {}

@Module({ imports: stores, providers: [JobsProcessor] })
class WorkerModule {}

const logger = { logger: ['error' as const] };
if (process.argv[2] === 'worker') {
  await NestFactory.createApplicationContext(WorkerModule, logger);
  obey({});
} else {
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule, new FastifyAdapter(), logger);
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  await app.listen(0, '127.0.0.1');
  obey({}, await app.getUrl());
}
