import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Roles } from '@longhaul/auth';
import { Overviews } from '@longhaul/jobs';
import { UserNames } from '../users/user-names.js';
import { OverviewDto, OverviewQueryDto } from './overview.dto.js';
import { presentOverview } from './present-overview.js';

/** How the installation is doing. */
@ApiTags('admin')
@Roles('admin')
@Controller('admin/overview')
export class OverviewController {
  constructor(
    private readonly overviews: Overviews,
    private readonly names: UserNames,
  ) {}

  /** Throughput, waits and durations by task type; the workers with what they run; and the hosts that they leave alone. */
  @Get()
  async read(@Query() { window }: OverviewQueryDto): Promise<OverviewDto> {
    const overview = await this.overviews.read(window);
    const pausers = overview.kinds.flatMap(({ paused }) => (paused === null ? [] : [paused.pausedBy]));
    return presentOverview(overview, await this.names.of(pausers));
  }
}
