import { Module } from '@nestjs/common';
import { AuthModule } from '@longhaul/auth';
import { FailedController } from './failed.controller.js';
import { SignalsController } from './signals.controller.js';

/** `/admin`: failed tasks by cause, and the numbers to alert on. */
@Module({ imports: [AuthModule], controllers: [FailedController, SignalsController] })
export class AdminModule {}
