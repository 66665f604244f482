import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, ConfigError, type Config } from '@longhaul/config';
import { KINDS, type KindRegistry } from './kind.js';

/** How many jobs may run at once, over all workers; 0: no limit. */
@Injectable()
export class RunningLimits {
  /** Of one owner, of all kinds together. */
  readonly perOwner: number;

  /** @throws ConfigError when MAX_RUNNING_PER_KIND names a kind that does not exist. */
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(KINDS) private readonly kinds: KindRegistry,
  ) {
    this.perOwner = config.MAX_RUNNING_PER_OWNER;
    const unknown = [...config.MAX_RUNNING_PER_KIND.keys()].filter((name) => !kinds.has(name));
    if (unknown.length > 0) {
      throw new ConfigError(`Bad configuration.\n  MAX_RUNNING_PER_KIND names unknown kinds: ${unknown.join(', ')}.`);
    }
  }

  /** Whether any limit holds for jobs of this kind. */
  apply(kind: string): boolean {
    return this.perOwner > 0 || this.perKind(kind) > 0;
  }

  /** Of one kind, of all owners together. */
  perKind(kind: string): number {
    return this.config.MAX_RUNNING_PER_KIND.get(kind) ?? this.kinds.get(kind)?.maxRunning ?? 0;
  }
}
