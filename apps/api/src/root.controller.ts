import { Controller, Get, Header, Redirect, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '@longhaul/auth';
import { prefersHtml } from './console/console.routes.js';

/** Who opens the bare address: a browser is led to the console, a program to the description of the api. */
@ApiExcludeController()
@Controller()
export class RootController {
  @Get()
  @Public()
  @Header('vary', 'accept')
  @Redirect('/docs', 302)
  root(@Req() request: FastifyRequest): { url: string } {
    return { url: prefersHtml(request) ? '/console' : '/docs' };
  }
}
