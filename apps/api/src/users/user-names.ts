import { Injectable } from '@nestjs/common';
import { UsersService } from '@longhaul/auth';
import { Cache } from '@longhaul/cache';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** How people are called, for those who read what they did. Out of the cache: it decides nothing. */
@Injectable()
export class UserNames {
  constructor(
    private readonly users: UsersService,
    private readonly cache: Cache,
  ) {}

  /** By id; those of another issuer have no name here. */
  async of(ids: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const ours = [...new Set(ids)].filter((id) => uuid.test(id));
    const named = await Promise.all(ours.map(async (id) => [id, await this.nameOf(id)] as const));
    return new Map(named.filter((pair): pair is [string, string] => pair[1] !== null));
  }

  private async nameOf(id: string): Promise<string | null> {
    const load = async () => ({ name: await this.users.nameOf(id) });
    return (await this.cache.get({ tier: 'user', key: id, load }))?.name ?? null;
  }
}
