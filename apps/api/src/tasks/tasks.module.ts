import { Module } from '@nestjs/common';
import { AuthModule } from '@longhaul/auth';
import { OpenApiModule } from '../openapi/openapi.module.js';
import { ShutdownModule } from '../shutdown.js';
import { SseConnections } from './sse-connections.js';
import { Submissions } from './submissions.js';
import { SubmitBodyReader } from './submit-body.js';
import { TaskAccess } from './task-access.js';
import { TaskAnswers } from './task-answers.js';
import { TaskHistoryController } from './task-history.controller.js';
import { TaskList } from './task-list.js';
import { TaskStream } from './task-stream.js';
import { TaskStreamsController } from './task-streams.controller.js';
import { TaskTypesController } from './task-types.controller.js';
import { TaskWaits } from './task-waits.js';
import { TasksController } from './tasks.controller.js';
import { TasksStream } from './tasks-stream.js';

/** `/tasks` and `/task-types`. */
@Module({
  imports: [AuthModule, OpenApiModule, ShutdownModule],
  controllers: [TaskStreamsController, TaskHistoryController, TasksController, TaskTypesController],
  providers: [
    SseConnections,
    Submissions,
    SubmitBodyReader,
    TaskAccess,
    TaskAnswers,
    TaskList,
    TaskStream,
    TasksStream,
    TaskWaits,
  ],
  exports: [SseConnections],
})
export class TasksModule {}
