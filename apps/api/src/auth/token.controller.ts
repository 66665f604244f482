import { Body, Controller, Get, Header, HttpCode, Post } from '@nestjs/common';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import { Public, SigningKeys, SignInService, type TokenPair } from '@longhaul/auth';
import { JwkDto, JwksDto } from './jwks.dto.js';
import { LogoutRequestDto } from './logout-request.dto.js';
import { TokenRequestDto } from './token-request.dto.js';
import { TokenResponseDto } from './token-response.dto.js';

/** The built-in issuer's routes; there only while it is on. */
@ApiTags('auth')
@Public()
@Controller('auth')
export class TokenController {
  constructor(
    private readonly signIn: SignInService,
    private readonly keys: SigningKeys,
  ) {}

  /** Signs in with a user name and password, or exchanges a refresh token. */
  @Post('token')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiConsumes('application/x-www-form-urlencoded', 'application/json')
  async token(@Body() request: TokenRequestDto): Promise<TokenResponseDto> {
    const pair =
      request.grant_type === 'refresh_token'
        ? await this.signIn.refresh(request.refresh_token ?? '')
        : await this.signIn.withPassword(request.username ?? '', request.password ?? '');
    return presentTokens(pair);
  }

  /** Ends the session that a refresh token belongs to. Access tokens already issued run out by themselves. */
  @Post('logout')
  @HttpCode(204)
  async logout(@Body() request: LogoutRequestDto): Promise<void> {
    await this.signIn.signOut(request.refresh_token);
  }

  /** Public keys that access tokens are signed with. */
  @Get('jwks')
  @Header('Cache-Control', 'public, max-age=60')
  async jwks(): Promise<JwksDto> {
    return { keys: (await this.keys.published()) as JwkDto[] };
  }
}

function presentTokens(pair: TokenPair): TokenResponseDto {
  return {
    access_token: pair.accessToken,
    token_type: 'Bearer',
    expires_in: pair.expiresIn,
    refresh_token: pair.refreshToken,
    refresh_expires_in: pair.refreshExpiresIn,
  };
}
