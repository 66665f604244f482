import { Controller, Get, Header } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal } from '@longhaul/auth';
import { MeDto } from './me.dto.js';

@ApiTags('auth')
@ApiBearerAuth()
@Controller('auth')
export class MeController {
  /** Who the token speaks for, with its roles. */
  @Get('me')
  @Header('Cache-Control', 'no-store')
  me(@CurrentPrincipal() principal: Principal): MeDto {
    const { subject, username, roles, issuer, expiresAt } = principal;
    return { subject, username, roles: [...roles], issuer, expires_at: expiresAt.toISOString() };
  }
}
