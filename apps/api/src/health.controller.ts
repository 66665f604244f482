import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '@longhaul/auth';
import { QueueHealth } from '@longhaul/jobs';
import { DatabaseHealth } from '@longhaul/persistence';
import { HealthDto } from './health.dto.js';
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

  /** Whether calls can be served: the database and the queue answer within two seconds. */
  @Get('ready')
  async ready(): Promise<HealthDto> {
    const [database, queue] = await Promise.all([
      this.database.isUp(),
      this.queue.check().then(
        () => true,
        () => false,
      ),
    ]);
    const down = [
      database ? [] : 'database',
      queue ? [] : 'queue',
      this.shutdown.signal.aborted ? 'stopping' : [],
    ].flat();
    if (down.length > 0) throw notReady(down.join(', '));
    return { status: 'ok' };
  }
}

function notReady(what: string): Problem {
  return new Problem('unavailable', `Not ready: ${what}.`, { headers: { 'retry-after': '5' } });
}
