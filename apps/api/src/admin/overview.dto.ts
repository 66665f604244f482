import { overviewWindows, type OverviewWindow } from '@longhaul/jobs';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';

const time = { type: 'string', format: 'date-time' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const windows = Object.keys(overviewWindows) as OverviewWindow[];
const breakerStates = ['open', 'half_open'] as const;

/** Query of `GET /admin/overview`. */
export class OverviewQueryDto {
  @ApiPropertyOptional({ enum: windows, default: '1h' })
  @IsIn(windows, { message: `window must be of: ${windows.join(', ')}` })
  window: OverviewWindow = '1h';
}

/** Durations. */
export class PercentilesDto {
  @ApiProperty({ ...count, description: 'Half of them are at most this long.' })
  p50: number;
  @ApiProperty({ ...count, description: '95 of 100 are at most this long.' })
  p95: number;
}

/** A piece of the window. */
export class OverviewBucketDto {
  @ApiProperty({ ...time, description: 'Its beginning; the last one is not over.' })
  at: string;
  @ApiProperty(count)
  submitted: number;
  @ApiProperty(count)
  succeeded: number;
  @ApiProperty(count)
  failed: number;
  @ApiProperty(count)
  cancelled: number;
  @ApiProperty({ description: 'Whether these are estimates: of more than 500 tasks, the first 500 are counted.' })
  sampled: boolean;
}

/** How one type of task is doing. */
export class KindOverviewDto {
  @ApiProperty({ example: 'web_scrape' })
  task_type: string;
  paused: boolean;
  @ApiPropertyOptional({ description: 'Id of who paused it.' })
  paused_by?: string;
  @ApiPropertyOptional({ description: 'Their user name, of the built-in issuer.' })
  paused_by_name?: string;
  @ApiPropertyOptional(time)
  paused_at?: string;
  @ApiPropertyOptional({ description: 'Why, if it was said.' })
  paused_reason?: string;
  @ApiProperty({ ...count, description: 'Tasks that wait for their time or for a worker; counted to 100,000.' })
  pending: number;
  @ApiProperty(count)
  running: number;
  @ApiProperty({ ...count, nullable: true, description: 'How long the one that is due longest has been due.' })
  oldest_pending_seconds: number | null;
  @ApiProperty({
    type: PercentilesDto,
    nullable: true,
    description:
      'From due to started, of tasks that ended in the window (the newest 5,000 of all types) and were not retried.',
  })
  wait_ms: PercentilesDto | null;
  @ApiProperty({
    type: PercentilesDto,
    nullable: true,
    description: 'From the first start to the end, of those tasks that were not cancelled.',
  })
  run_ms: PercentilesDto | null;
  @ApiProperty({ type: [OverviewBucketDto] })
  buckets: OverviewBucketDto[];
}

/** A task that a worker runs. */
export class RunningTaskDto {
  @ApiProperty({ type: 'string', format: 'uuid' })
  task_id: string;
  @ApiProperty({ example: 'web_scrape' })
  task_type: string;
  @ApiProperty({ type: 'integer', minimum: 1 })
  attempt: number;
  @ApiProperty({ ...time, description: 'Of this attempt.' })
  started_at: string;
}

/** A worker process that was seen in the last minute. */
export class WorkerDto {
  worker_id: string;
  host: string;
  @ApiProperty(time)
  started_at: string;
  @ApiProperty(time)
  seen_at: string;
  @ApiProperty({ description: 'What it runs.' })
  task_types: string[];
  @ApiProperty({ type: [RunningTaskDto] })
  running: RunningTaskDto[];
}

/** A host, or a server of models, that a worker leaves alone, since it failed too often in a row. */
export class BreakerDto {
  @ApiProperty({
    example: 'example.org:443',
    description: 'For a server of models with its generator: `openai (api.openai.com)`.',
  })
  host: string;
  @ApiProperty({ enum: breakerStates })
  state: (typeof breakerStates)[number];
  @ApiProperty(time)
  since: string;
  @ApiProperty({ description: 'The worker process: each has breakers of its own.' })
  seen_by: string;
}

/** How the installation is doing. It may be two seconds old. */
export class OverviewDto {
  @ApiProperty(time)
  generated_at: string;
  @ApiProperty({ type: 'integer', example: 3_600 })
  window_seconds: number;
  @ApiProperty({ type: 'integer', example: 60 })
  bucket_seconds: number;
  @ApiProperty({ type: [KindOverviewDto] })
  kinds: KindOverviewDto[];
  @ApiProperty({ type: [WorkerDto] })
  workers: WorkerDto[];
  @ApiProperty({ type: [BreakerDto] })
  breakers: BreakerDto[];
}
