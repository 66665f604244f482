import { Module } from '@nestjs/common';
import { AuthModule } from '@longhaul/auth';
import { UserNamesModule } from '../users/user-names.module.js';
import { ActionsController } from './actions.controller.js';
import { FailedController } from './failed.controller.js';
import { KindsController } from './kinds.controller.js';
import { OverviewController } from './overview.controller.js';
import { QueueBoardRoutes } from './queue-board.routes.js';
import { QueueTicketsController } from './queue-tickets.controller.js';
import { SignalsController } from './signals.controller.js';
import { UsersController } from './users.controller.js';

/** `/admin`: failed tasks by cause, paused kinds, how it all goes, the numbers to alert on, users, what admins did, and the queue board. */
@Module({
  imports: [AuthModule, UserNamesModule],
  controllers: [
    ActionsController,
    FailedController,
    KindsController,
    OverviewController,
    QueueTicketsController,
    SignalsController,
    UsersController,
  ],
  providers: [QueueBoardRoutes],
})
export class AdminModule {}
