import { Global, Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { CallerLimitGuard } from './caller-limit.guard.js';
import { CallerLimits } from './caller-limits.js';
import { windowSeconds } from './limit-class.js';
import { LimitStore } from './limit-store.js';

@Global()
@Module({ providers: [LimitStore, CallerLimits], exports: [LimitStore, CallerLimits] })
class LimitStoreModule {}

/** Rate limits. Its guard is no APP_GUARD: those run in an order that Nest chooses, and this one must be the last. */
@Module({
  imports: [
    LimitStoreModule,
    ThrottlerModule.forRootAsync({
      imports: [LimitStoreModule],
      inject: [LimitStore],
      // One throttler: the class of a route and its quota are found by CallerLimits.
      useFactory: (storage: LimitStore) => ({
        throttlers: [{ name: 'caller', limit: 1, ttl: windowSeconds * 1000 }],
        storage,
      }),
    }),
  ],
  providers: [CallerLimitGuard],
})
export class LimitsModule {}
