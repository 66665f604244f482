import { Module } from '@nestjs/common';
import { AuthModule } from '@longhaul/auth';
import { OpenApiModule } from '../openapi/openapi.module.js';
import { ShutdownModule } from '../shutdown.js';
import { BulkChanges } from './bulk-changes.js';
import { SseConnections } from './sse-connections.js';
import { Submissions } from './submissions.js';
import { SubmitBodyReader } from './submit-body.js';
import { TaskAccess } from './task-access.js';
import { TaskAnswers } from './task-answers.js';
import { TaskChanges } from './task-changes.js';
import { TaskHistoryController } from './task-history.controller.js';
import { TaskList } from './task-list.js';
import { TaskStream } from './task-stream.js';
import { TaskStreamsController } from './task-streams.controller.js';
import { TaskTypesController } from './task-types.controller.js';
import { TaskWaits } from './task-waits.js';
import { TasksBulkController } from './tasks-bulk.controller.js';
import { TasksController } from './tasks.controller.js';
import { TasksStream } from './tasks-stream.js';

/** `/tasks` and `/task-types`. */
@Module({
  imports: [AuthModule, OpenApiModule, ShutdownModule],
  controllers: [
    TaskStreamsController,
    TaskHistoryController,
    TasksBulkController,
    TasksController,
    TaskTypesController,
  ],
  providers: [
    BulkChanges,
    SseConnections,
    Submissions,
    SubmitBodyReader,
    TaskAccess,
    TaskAnswers,
    TaskChanges,
    TaskList,
    TaskStream,
    TasksStream,
    TaskWaits,
  ],
  exports: [SseConnections],
})
export class TasksModule {}
