import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '@longhaul/config';
import { AuthModule } from '@longhaul/auth';
import { MeController } from './me.controller.js';
import { TokenController } from './token.controller.js';

/** `/auth/*`. Without the built-in issuer there is only `/auth/me`. */
@Module({})
export class AuthRoutesModule {
  static for(config: Config): DynamicModule {
    return {
      module: AuthRoutesModule,
      imports: [AuthModule],
      controllers: config.AUTH_LOCAL ? [TokenController, MeController] : [MeController],
    };
  }
}
