import { Module } from '@nestjs/common';
import { ConsoleRoutes } from './console.routes.js';

/** `/console`: the web console. */
@Module({ providers: [ConsoleRoutes] })
export class ConsoleModule {}
