import { Injectable, Module } from '@nestjs/common';
import type { BreakerState } from './breaker.js';

/** The circuit breakers of this process, whoever has them: of hosts that are fetched from, and of servers of models. */
@Injectable()
export class BreakerBoard {
  private readonly readers: (() => readonly BreakerState[])[] = [];

  /** @param read is asked each time that somebody looks. */
  add(read: () => readonly BreakerState[]): void {
    this.readers.push(read);
  }

  /** Those with trouble first. */
  states(): BreakerState[] {
    return this.readers.flatMap((read) => read()).sort((a, b) => b.failures - a.failures);
  }
}

/** Provides the one {@link BreakerBoard} of a process. */
@Module({ providers: [BreakerBoard], exports: [BreakerBoard] })
export class BreakersModule {}
