import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal, Role } from './principal.js';

export const PUBLIC = 'longhaul:public';
export const ROLES_NEEDED = 'longhaul:roles';
export const STREAM_TICKET_PARAM = 'longhaul:stream-ticket-param';

/** A request that a guard has let in; `user` is missing on public routes. */
export type AuthenticatedRequest = FastifyRequest & { user?: Principal };

/** No token needed. Every route without this mark needs one. */
export const Public = () => SetMetadata(PUBLIC, true);

/** One of these roles is needed (admins hold all); otherwise 403. */
export const Roles = (...roles: Role[]) => SetMetadata(ROLES_NEEDED, roles);

/**
 * This route also takes `?ticket=` and the cookie that a used ticket left.
 * @param param route parameter with the id of the task that the ticket must have been made for.
 */
export const AllowStreamTicket = (param = 'id') => SetMetadata(STREAM_TICKET_PARAM, param);

/** The caller, in a parameter of a route that is not public. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (user === undefined) throw new Error('A public route has no principal');
  return user;
});
