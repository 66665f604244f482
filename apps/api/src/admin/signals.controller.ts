import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Roles } from '@longhaul/auth';
import { QueueSignals, signalFields } from '@longhaul/jobs';
import { Cache } from '@longhaul/cache';
import type { SignalsDto } from './signals.dto.js';

/** The numbers to alert on. */
@ApiTags('admin')
@Roles('admin')
@Controller('admin/signals')
export class SignalsController {
  constructor(
    private readonly signals: QueueSignals,
    private readonly cache: Cache,
  ) {}

  /** Per kind what waits, runs and failed lately, and which of it has reached its limit (workers log the same); and the caches. */
  @Get()
  async read(): Promise<SignalsDto> {
    const kinds = await this.signals.read();
    const alerts = this.signals.alertsOf(kinds).map(({ kind, ...alert }) => ({ ...alert, task_type: kind }));
    const cache = [...this.cache.counters.read()].map(([tier, counts]) => ({ tier, ...counts }));
    return { kinds: kinds.map(signalFields), alerts, cache };
  }
}
