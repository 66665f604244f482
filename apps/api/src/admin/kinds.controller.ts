import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, Roles, type Principal } from '@longhaul/auth';
import { KINDS, PausedKinds, type KindRegistry } from '@longhaul/jobs';
import { UserNames } from '../users/user-names.js';
import { Problem } from '../problems/problem.js';
import { KindStateDto, PauseKindDto } from './kinds.dto.js';
import { presentKindState } from './present-kind-state.js';

/** Whether tasks of a type start. */
@ApiTags('admin')
@Roles('admin')
@Controller('admin/kinds')
export class KindsController {
  constructor(
    @Inject(KINDS) private readonly kinds: KindRegistry,
    private readonly paused: PausedKinds,
    private readonly names: UserNames,
  ) {}

  /** Lets no more tasks of a type start. New ones are accepted and wait; running ones go on. */
  @Post(':task_type/pause')
  @HttpCode(200)
  async pause(
    @Param('task_type') kind: string,
    @Body() { reason }: PauseKindDto,
    @CurrentPrincipal() { subject }: Principal,
  ): Promise<KindStateDto> {
    this.mustExist(kind);
    const paused = await this.paused.pause(kind, reason ?? null, subject);
    return presentKindState(kind, paused, await this.names.of(paused === null ? [] : [paused.pausedBy]));
  }

  /** Lets tasks of a type start again; what waits starts at once. */
  @Post(':task_type/resume')
  @HttpCode(200)
  async resume(@Param('task_type') kind: string, @CurrentPrincipal() { subject }: Principal): Promise<KindStateDto> {
    this.mustExist(kind);
    await this.paused.resume(kind, subject);
    return presentKindState(kind, null, new Map());
  }

  private mustExist(kind: string): void {
    if (!this.kinds.has(kind)) throw new Problem('not_found', 'There is no such task type.');
  }
}
