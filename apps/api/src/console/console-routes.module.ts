import { Module, type DynamicModule } from '@nestjs/common';
import { AuthModule } from '@longhaul/auth';
import type { Config } from '@longhaul/config';
import { ConsoleConfigController } from './console-config.controller.js';
import { ConsoleRoutes } from './console.routes.js';
import { SessionController } from './session.controller.js';

/** `/console`: its pages and assets, `/console/config`, and with the built-in issuer `/console/session`. */
@Module({})
export class ConsoleRoutesModule {
  static for(config: Config): DynamicModule {
    return {
      module: ConsoleRoutesModule,
      imports: [AuthModule],
      controllers: config.AUTH_LOCAL ? [SessionController, ConsoleConfigController] : [ConsoleConfigController],
      providers: [ConsoleRoutes],
    };
  }
}
