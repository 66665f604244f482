import { Inject, Injectable, type CanActivate } from '@nestjs/common';
import { CONFIG, type Config } from '@longhaul/config';
import { Problem } from '../problems/problem.js';

/** Without the built-in issuer there are no users here to be managed. */
@Injectable()
export class LocalUsersGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** @throws Problem `users_elsewhere`. */
  canActivate(): boolean {
    if (this.config.AUTH_LOCAL) return true;
    throw new Problem('users_elsewhere');
  }
}
