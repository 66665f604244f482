import { Controller, Get, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigModule, type Config } from '@longhaul/config';
import { PersistenceModule } from '@longhaul/persistence';
import { AuthModule, authEntities } from './auth.module.js';
import { AllowStreamTicket, CurrentPrincipal, Public, Roles } from './decorators.js';
import type { Principal } from './principal.js';

/** Routes that do nothing but show what the guards let through; for this lib's specs. */
@Controller()
class ProbeController {
  @Public()
  @Get('open')
  open(): string {
    return 'open';
  }

  @Get('me')
  me(@CurrentPrincipal() principal: Principal): Principal {
    return principal;
  }

  @Roles('editor')
  @Get('editors')
  editors(): string {
    return 'editors';
  }

  @AllowStreamTicket()
  @Get('tasks/:id/stream')
  stream(@Param('id') id: string, @CurrentPrincipal() principal: Principal): object {
    return { id, subject: principal.subject, roles: principal.roles };
  }
}

/** A Nest application on Fastify with this lib's global guards and a few routes. */
export async function probeApp(config: Config): Promise<NestFastifyApplication> {
  @Module({
    imports: [ConfigModule.of(config), PersistenceModule.for(config, authEntities), AuthModule],
    controllers: [ProbeController],
  })
  class ProbeModule {}
  const app = await NestFactory.create<NestFastifyApplication>(ProbeModule, new FastifyAdapter(), { logger: false });
  await app.init();
  return app;
}
