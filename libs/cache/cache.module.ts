import {
  Global,
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Config } from '@longhaul/config';
import { Cache } from './cache.js';
import { RedisShelf } from './redis-shelf.js';

/** Raise it whenever the shape of something that is kept changes: processes of two releases may share a Redis. */
const layout = 1;

const SHELF = Symbol('SHELF');

/** One {@link Cache} for the whole process. */
@Global()
@Module({})
export class CacheModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(SHELF) private readonly shelf: RedisShelf | null) {}

  static for({ REDIS_URL: url, QUEUE_PREFIX: prefix }: Config): DynamicModule {
    return {
      module: CacheModule,
      providers: [
        { provide: SHELF, useFactory: () => (url === '' ? null : new RedisShelf(url, `${prefix}:cache:${layout}:`)) },
        { provide: Cache, inject: [SHELF], useFactory: (shelf: RedisShelf | null) => new Cache(shelf) },
      ],
      exports: [Cache],
    };
  }

  /** Not sooner: a process that cannot start leaves no connection behind. */
  onApplicationBootstrap(): void {
    this.shelf?.open();
  }

  onApplicationShutdown(): void {
    this.shelf?.close();
  }
}
