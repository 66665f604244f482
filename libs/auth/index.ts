export { AdminActions, type AdminAction } from './admin-actions.js';
export { AuthModule, authEntities } from './auth.module.js';
export { BoardSessions } from './board-sessions.js';
export { AllowStreamTicket, CurrentPrincipal, Public, Roles, type AuthenticatedRequest } from './decorators.js';
export { JwtAuthGuard } from './jwt-auth.guard.js';
export { OidcDiscovery } from './oidc-discovery.js';
export { generatePassword, MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from './passwords.js';
export {
  hasAnyRole,
  isSecondPerson,
  mayCancelJob,
  mayDiscardJob,
  mayEditContent,
  mayListAll,
  mayListAllContent,
  mayReadContent,
  mayReadJob,
  mayRetryJob,
  mayReviewContent,
  type Decision,
  type Owned,
} from './policy.js';
export { LOCAL_ISSUER, ROLES, type Principal, type Role } from './principal.js';
export { signInPath, SignInLinks } from './sign-in-links.js';
export { SignInService, type TokenPair } from './sign-in.service.js';
export { SigningKeys } from './signing-keys.js';
export { STREAM_COOKIE } from './stream-sessions.js';
export { StreamTickets } from './stream-tickets.js';
export { UserAdministration, type ListedUser } from './user-administration.js';
export { withDirectory, withUsers } from './user-directory.js';
export { UserInputError, usernamePattern, UsersService } from './users.service.js';
