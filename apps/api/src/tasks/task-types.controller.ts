import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Cache } from '@longhaul/cache';
import { CONFIG, type Config } from '@longhaul/config';
import { engineErrorCodes, KINDS, PausedKinds, type KindDefinition, type KindRegistry } from '@longhaul/jobs';
import { bodyLimit } from '../http/limits.js';
import { ApiDocument } from '../openapi/api-document.js';
import { maxBatchItems } from './submissions.js';
import { TaskTypeDto } from './task-type.dto.js';

/** What only another release changes. */
type DescribedType = Omit<TaskTypeDto, 'paused'>;

/** What can be submitted. */
@ApiTags('tasks')
@Controller('task-types')
export class TaskTypesController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(KINDS) private readonly kinds: KindRegistry,
    private readonly document: ApiDocument,
    private readonly cache: Cache,
    private readonly paused: PausedKinds,
  ) {}

  /** Every task type with its schema, defaults and limits, and whether it is paused. */
  @Get()
  async findAll(): Promise<TaskTypeDto[]> {
    const [types, paused] = await Promise.all([this.described(), this.paused.all()]);
    return types.map((type) => ({ ...type, paused: paused.has(type.task_type) }));
  }

  private async described(): Promise<DescribedType[]> {
    // Of this release: another one that shares the Redis may know other kinds.
    const load = () => Promise.all([...this.kinds.values()].map((kind) => this.present(kind)));
    return (await this.cache.get({ tier: 'model', key: 'task-types', local: true, load })) ?? [];
  }

  private async present(kind: KindDefinition): Promise<DescribedType> {
    return {
      task_type: kind.name,
      title: kind.title,
      description: kind.description,
      input_schema: await this.document.submitSchema(kind.name),
      example: { task_type: kind.name, ...kind.example },
      defaults: { priority: 0, timeout_seconds: kind.timeoutSeconds, max_attempts: kind.maxAttempts },
      limits: {
        max_body_bytes: bodyLimit,
        max_result_bytes: this.config.MAX_RESULT_BYTES,
        max_unfinished_tasks: this.config.MAX_UNFINISHED_PER_OWNER,
        max_batch_items: maxBatchItems,
      },
      error_codes: { ...engineErrorCodes, ...kind.errorCodes },
    };
  }
}
