import { Inject, Injectable } from '@nestjs/common';
import { validate } from 'class-validator';
import { CONFIG, type Config } from '@longhaul/config';
import { KINDS, type KindDefinition, type KindRegistry } from '@longhaul/jobs';
import { invalidBody, type FieldError } from '../problems/problem.js';
import { fieldErrors } from '../validation/field-errors.js';
import { checkAgainst } from '../validation/contract-validation.pipe.js';
import { parseTime } from '../validation/rules.js';
import { CommonFieldsDto, commonFieldNames } from './common-fields.dto.js';

const furthestRunAtMs = 366 * 86_400_000;
/** Past by any clock that is set at all; what is less long ago the database judges, not the clock of this machine. */
const surelyPastMs = 86_400_000;

/** A submit body that was checked, with defaults filled in. */
export interface SubmitBody {
  readonly kind: string;
  readonly input: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
  readonly priority: number;
  readonly timeoutSeconds: number;
  readonly maxAttempts: number;
  /** Null, or a time that is past by the database's clock: now. */
  readonly runAt: Date | null;
}

/** Reads flat submit bodies: `task_type` chooses the kind, which knows the rest. */
@Injectable()
export class SubmitBodyReader {
  constructor(
    @Inject(KINDS) private readonly kinds: KindRegistry,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @param body JSON that passed checkJsonHygiene. @throws Problem `validation_failed` with everything that is wrong. */
  async read(body: unknown, now = Date.now()): Promise<SubmitBody> {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw invalidBody([{ pointer: '', detail: 'must be an object' }]);
    }
    const { task_type: name, ...fields } = body as Record<string, unknown>;
    const kind = this.kindOf(name);
    const { common, input, errors } = await checkFields(kind, fields, this.config);
    // Unchecked so far: whatever is no text is among the errors.
    const runAt = typeof common.run_at === 'string' ? parseTime(common.run_at) : null;
    if (runAt !== null && runAt.getTime() > now + furthestRunAtMs) {
      errors.push({ pointer: '/run_at', detail: 'must be at most 366 days ahead' });
    }
    if (errors.length > 0) throw invalidBody(errors);
    return {
      kind: kind.name,
      input,
      metadata: common.metadata ?? {},
      priority: common.priority ?? 0,
      timeoutSeconds: common.timeout_seconds ?? kind.timeoutSeconds,
      maxAttempts: common.max_attempts ?? kind.maxAttempts,
      runAt: runAt !== null && runAt.getTime() > now - surelyPastMs ? runAt : null,
    };
  }

  private kindOf(name: unknown): KindDefinition {
    const kind = typeof name === 'string' ? this.kinds.get(name) : undefined;
    if (kind !== undefined) return kind;
    const known = [...this.kinds.keys()].join(', ');
    throw invalidBody([{ pointer: '/task_type', detail: `must be one of: ${known}` }]);
  }
}

async function checkFields(kind: KindDefinition, fields: Record<string, unknown>, config: Config) {
  const isCommon = (name: string) => (commonFieldNames as readonly string[]).includes(name);
  const entries = Object.entries(fields);
  const ofAll = Object.fromEntries(entries.filter(([name]) => isCommon(name)));
  const ofKind = Object.fromEntries(entries.filter(([name]) => !isCommon(name)));
  // Flat but for metadata, which may hold any key: no class-transformer.
  const common = Object.assign(new CommonFieldsDto(), ofAll);
  const commonErrors = fieldErrors(await validate(common));
  const input = await checkAgainst(kind.input, ofKind);
  const errors: FieldError[] = [...commonErrors, ...input.errors];
  return {
    common,
    // Stored as JSON: what is undefined is not there.
    input: JSON.parse(JSON.stringify(input.instance)) as Record<string, unknown>,
    // A refusal needs an input that fits its DTO.
    errors: input.errors.length === 0 ? [...errors, ...(kind.refuse?.(input.instance, config) ?? [])] : errors,
  };
}
