import { Injectable } from '@nestjs/common';
import { QueueConnection } from './queue-connection.js';

/** Whether doorbells can be rung. */
@Injectable()
export class QueueHealth {
  constructor(private readonly connection: QueueConnection) {}

  /** @throws Error when the store of the queues takes nothing, or does not answer within two seconds. */
  check(): Promise<void> {
    return this.connection.probe();
  }
}
