import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { ShutdownModule } from './shutdown.js';

/** `/health`. */
@Module({ imports: [ShutdownModule], controllers: [HealthController] })
export class HealthModule {}
