import { ForbiddenException, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { ROLES_NEEDED, type AuthenticatedRequest } from './decorators.js';
import { hasAnyRole } from './policy.js';
import type { Role } from './principal.js';

/** Global guard, after {@link JwtAuthGuard}: 403 unless the caller has one of the roles that {@link Roles} names. */
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const places = [context.getHandler(), context.getClass()];
    const needed = this.reflector.getAllAndOverride<Role[] | undefined>(ROLES_NEEDED, places);
    if (needed === undefined) return true;
    const http = context.switchToHttp();
    const { user } = http.getRequest<AuthenticatedRequest>();
    if (user !== undefined && hasAnyRole(user, needed)) return true;
    void http
      .getResponse<FastifyReply>()
      .header('WWW-Authenticate', 'Bearer realm="longhaul", error="insufficient_scope"');
    throw new ForbiddenException({ code: 'forbidden', detail: `This needs the role ${needed.join(' or ')}.` });
  }
}
