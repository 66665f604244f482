import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '@longhaul/auth';
import { QueueHealth } from '@longhaul/jobs';
import { DatabaseHealth } from '@longhaul/persistence';
import { HealthDto, ReadinessDto } from './health.dto.js';
import { Problem } from './problems/problem.js';
import { Shutdown } from './shutdown.js';

/** Probes. They tell nobody where things are. */
@ApiTags('health')
@Public()
@Controller('health')
export class HealthController {
  constructor(
    private readonly database: DatabaseHealth,
    private readonly queue: QueueHealth,
    private readonly shutdown: Shutdown,
  ) {}

  /** Whether the process runs; green whatever else is down. */
  @Get('live')
  live(): HealthDto {
    return { status: 'ok' };
  }

  /**
   * Whether calls can be served: the database answers within two seconds. Without the queue they can be: what is
   * submitted is kept and starts when the queue is back.
   */
  @Get('ready')
  async ready(): Promise<ReadinessDto> {
    const [database, queue] = await Promise.all([
      this.database.isUp(),
      this.queue.check().then(
        () => true,
        () => false,
      ),
    ]);
    const stopping = this.shutdown.signal.aborted;
    if (!database || stopping) {
      throw notReady([database ? [] : 'database', queue ? [] : 'queue', stopping ? 'stopping' : []].flat().join(', '));
    }
    return queue ? { status: 'ok' } : { status: 'ok', degraded: ['queue'] };
  }
}

function notReady(what: string): Problem {
  return new Problem('unavailable', `Not ready: ${what}.`, { headers: { 'retry-after': '5' } });
}
