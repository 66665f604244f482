import { ApiProperty } from '@nestjs/swagger';
import { tierNames, type Tier } from '@longhaul/cache';

const count = { type: 'integer', minimum: 0 } as const;
const alertSignals = ['failed_rate', 'oldest_pending_seconds'] as const;

/** How one kind is doing. */
export class KindSignalsDto {
  @ApiProperty({ example: 'web_scrape' })
  task_type: string;
  @ApiProperty({ ...count, description: 'Tasks that wait for their time or for a worker.' })
  pending: number;
  @ApiProperty({ ...count, description: 'Those of them whose time has come.' })
  due: number;
  @ApiProperty({ ...count, description: 'How long the one that is due longest has been due; 0 when none is.' })
  oldest_pending_seconds: number;
  @ApiProperty(count)
  running: number;
  @ApiProperty(count)
  succeeded_last_5_minutes: number;
  @ApiProperty(count)
  failed_last_5_minutes: number;
  @ApiProperty({
    ...{ type: 'number', minimum: 0, maximum: 100, nullable: true, example: 2.5 },
    description: 'Percentage of failures among both; null when no task has ended.',
  })
  failed_rate: number | null;
}

/** A number that has reached its limit. */
export class AlertDto {
  @ApiProperty({ enum: alertSignals })
  signal: (typeof alertSignals)[number];
  @ApiProperty({ example: 'web_scrape' })
  task_type: string;
  @ApiProperty({ example: 412 })
  value: number;
  @ApiProperty({ example: 300, description: 'ALERT_FAILED_RATE or ALERT_OLDEST_PENDING_SECONDS.' })
  limit: number;
}

/** How the cache of the process that answers is doing, since it started. */
export class CacheTierDto {
  @ApiProperty({ enum: tierNames })
  tier: Tier;
  @ApiProperty({ ...count, description: 'Answered from memory or Redis.' })
  hits: number;
  @ApiProperty({ ...count, description: 'Asked of the source.' })
  misses: number;
  @ApiProperty({ ...count, description: 'Answered with what was fresh once, since the source failed or was slow.' })
  stale: number;
  @ApiProperty({ ...count, description: 'Commands that Redis refused or did not answer in time.' })
  errors: number;
}

/** What tells that tasks are failing, or that nobody takes them. */
export class SignalsDto {
  @ApiProperty({ type: [KindSignalsDto] })
  kinds: KindSignalsDto[];
  @ApiProperty({ type: [AlertDto] })
  alerts: AlertDto[];
  @ApiProperty({ type: [CacheTierDto] })
  cache: CacheTierDto[];
}
