import { getQueueToken } from '@nestjs/bullmq';
import { Logger, type Provider } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { KindDefinition } from './kind.js';
import { QuietLog } from './quiet-log.js';

const QUEUE_ERROR_LOG = Symbol('QUEUE_ERROR_LOG');

/**
 * Listens to the errors of all queues. A queue without a listener prints every error of its connection, with its stack and
 * the whole client; so this needs nothing but the queues, and is there as soon as they are, when a process that starts
 * may still wait for its database.
 */
export function queueErrorLog(definitions: readonly KindDefinition[]): Provider {
  return {
    provide: QUEUE_ERROR_LOG,
    inject: definitions.map(({ name }) => getQueueToken(name)),
    useFactory: (...queues: Queue[]): QuietLog => {
      const quiet = new QuietLog(new Logger('Doorbells'));
      for (const queue of queues) {
        queue.on('error', (error) => quiet.warn(`Queue ${queue.name}: ${error.message}`));
      }
      return quiet;
    },
  };
}
