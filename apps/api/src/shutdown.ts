import { Injectable, Module, type OnModuleDestroy } from '@nestjs/common';

/** Tells calls that wait that the process is about to stop. */
@Injectable()
export class Shutdown implements OnModuleDestroy {
  private readonly controller = new AbortController();

  /** Aborted from the moment the process begins to stop. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  onModuleDestroy(): void {
    this.controller.abort();
  }
}

/** One {@link Shutdown} for everybody who imports it. */
@Module({ providers: [Shutdown], exports: [Shutdown] })
export class ShutdownModule {}
