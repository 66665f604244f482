import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '@longhaul/config';
import { generatePassword } from './passwords.js';
import { SigningKeys } from './signing-keys.js';
import { UserEntity } from './user.entity.js';
import { UsersService } from './users.service.js';

/** Serialises the making of the first admin over all processes; arbitrary, must never change. */
const firstAdminLock = 7_311_044_083;

/** What a fresh installation with the built-in issuer needs before anybody can sign in: a key and an admin. */
@Injectable()
export class FirstAdmin implements OnApplicationBootstrap {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
    private readonly users: UsersService,
    private readonly keys: SigningKeys,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.AUTH_LOCAL) return;
    await this.keys.makeFirst();
    const password = this.config.ADMIN_PASSWORD || generatePassword();
    if ((await this.users.isEmpty()) && (await this.make(password))) this.announce(password);
  }

  /** @returns false when another process was first. */
  private make(password: string): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [firstAdminLock]);
      const users = new UsersService(manager.getRepository(UserEntity));
      if (!(await users.isEmpty())) return false;
      await users.create({ username: this.config.ADMIN_USERNAME, password, roles: ['admin'] });
      return true;
    });
  }

  /** Not through the logger, which would redact the password, or send it somewhere to be kept. */
  private announce(password: string): void {
    const how = this.config.ADMIN_PASSWORD ? 'the password of ADMIN_PASSWORD' : `password ${password} (shown only now)`;
    process.stdout.write(`First admin made: user ${this.config.ADMIN_USERNAME.toLowerCase()}, ${how}\n`);
  }
}
