import { Module } from '@nestjs/common';
import { AuthModule } from '@longhaul/auth';
import { FailedController } from './failed.controller.js';
import { QueueBoardRoutes } from './queue-board.routes.js';
import { QueueTicketsController } from './queue-tickets.controller.js';
import { SignalsController } from './signals.controller.js';

/** `/admin`: failed tasks by cause, the numbers to alert on, and the queue board. */
@Module({
  imports: [AuthModule],
  controllers: [FailedController, QueueTicketsController, SignalsController],
  providers: [QueueBoardRoutes],
})
export class AdminModule {}
