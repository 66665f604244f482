import { Body, Controller, Delete, Header, HttpCode, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public, SignInService, type TokenPair } from '@longhaul/auth';
import { CONFIG, type Config } from '@longhaul/config';
import { Problem } from '../problems/problem.js';
import { SameOriginGuard } from './same-origin.guard.js';
import { noSessionCookie, refreshTokenOf, sessionCookie } from './session-cookie.js';
import { ConsoleLinkDto, ConsoleSessionDto, ConsoleSignInDto } from './session.dto.js';

/** Sign-in of the console by the built-in issuer: the refresh token is kept in a cookie that scripts cannot read. */
@ApiTags('console')
@Public()
@UseGuards(SameOriginGuard)
@Controller('console/session')
export class SessionController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly signIn: SignInService,
  ) {}

  /** Signs in with a user name and password. */
  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async open(
    @Body() { username, password }: ConsoleSignInDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConsoleSessionDto> {
    return this.opened(await this.signIn.withPassword(username, password), reply);
  }

  /** Signs in with the ticket of a link, once. */
  @Post('link')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async openByLink(
    @Body() { ticket }: ConsoleLinkDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConsoleSessionDto> {
    return this.opened(await this.signIn.withLink(ticket), reply);
  }

  /** A new access token for the session of the cookie, and the next cookie: each is good for one refresh. */
  @Post('refresh')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async refresh(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConsoleSessionDto> {
    const token = refreshTokenOf(request.headers.cookie);
    if (token === undefined) throw new Problem('invalid_grant', 'There is no session; sign in.');
    return this.opened(await this.signIn.refresh(token), reply);
  }

  /** Ends the session and takes the cookie back. The access token runs out by itself. */
  @Delete()
  @HttpCode(204)
  async close(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const token = refreshTokenOf(request.headers.cookie);
    if (token !== undefined) await this.signIn.signOut(token);
    void reply.header('set-cookie', noSessionCookie(this.config));
  }

  private opened(pair: TokenPair, reply: FastifyReply): ConsoleSessionDto {
    const { user, accessToken, expiresIn, refreshToken, refreshExpiresIn } = pair;
    void reply.header('set-cookie', sessionCookie(this.config, refreshToken, refreshExpiresIn));
    return { access_token: accessToken, expires_in: expiresIn, user: { ...user, roles: [...user.roles] } };
  }
}
