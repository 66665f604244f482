import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessTokens } from './access-tokens.js';
import { AdminActions } from './admin-actions.js';
import { BoardSessions } from './board-sessions.js';
import { FirstAdmin } from './first-admin.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';
import { LocalJwtStrategy } from './local-jwt.strategy.js';
import { OidcDiscovery } from './oidc-discovery.js';
import { OidcJwtStrategy } from './oidc-jwt.strategy.js';
import { OidcKeys } from './oidc-keys.js';
import { RefreshTokens } from './refresh-tokens.js';
import { RolesGuard } from './roles.guard.js';
import { SignInLinks } from './sign-in-links.js';
import { SignInService } from './sign-in.service.js';
import { SigningKeys } from './signing-keys.js';
import { StreamSessions } from './stream-sessions.js';
import { StreamTickets } from './stream-tickets.js';
import { UserAdministration } from './user-administration.js';
import { UserEntity } from './user.entity.js';
import { UsersService } from './users.service.js';
import { VerifiedTokens } from './verified-tokens.js';

/** Entities of this lib, for the app's data source. */
export const authEntities = [UserEntity];

/** Makes every route of the app need a token, and makes the first key and admin at start. */
@Module({
  imports: [TypeOrmModule.forFeature(authEntities)],
  providers: [
    AdminActions,
    UserAdministration,
    UsersService,
    SigningKeys,
    AccessTokens,
    RefreshTokens,
    SignInLinks,
    SignInService,
    FirstAdmin,
    OidcDiscovery,
    OidcKeys,
    VerifiedTokens,
    LocalJwtStrategy,
    OidcJwtStrategy,
    StreamTickets,
    BoardSessions,
    StreamSessions,
    JwtAuthGuard,
    // In this order: who it is, then what it may.
    { provide: APP_GUARD, useExisting: JwtAuthGuard },
    { provide: APP_GUARD, useClass: RolesGuard },
  ],
  exports: [
    AdminActions,
    UserAdministration,
    UsersService,
    SigningKeys,
    SignInService,
    StreamTickets,
    BoardSessions,
    JwtAuthGuard,
    OidcDiscovery,
  ],
})
export class AuthModule {}
