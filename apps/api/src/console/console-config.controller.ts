import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '@longhaul/auth';
import { CONFIG, type Config } from '@longhaul/config';
import { ConsoleConfigDto } from './console-config.dto.js';

@ApiTags('console')
@Public()
@Controller('console/config')
export class ConsoleConfigController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** What the console has to know before anybody is signed in; it holds no secret. */
  @Get()
  read(): ConsoleConfigDto {
    const { AUTH_LOCAL, OIDC_ISSUER, OIDC_CONSOLE_CLIENT_ID, OIDC_CONSOLE_SCOPE } = this.config;
    const oidc = { authority: OIDC_ISSUER, client_id: OIDC_CONSOLE_CLIENT_ID, scope: OIDC_CONSOLE_SCOPE };
    return {
      issuer: AUTH_LOCAL ? 'local' : 'oidc',
      ...(OIDC_CONSOLE_CLIENT_ID !== '' && { oidc }),
      trace_url_template: this.config.TRACE_URL_TEMPLATE || null,
      queue_board: this.config.QUEUE_BOARD !== 'off',
      owners_may_cancel: this.config.CANCEL_POLICY === 'owner',
    };
  }
}
