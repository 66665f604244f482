import type { Type } from '@nestjs/common';
import type { Config } from '@longhaul/config';

/** What is wrong with one field of an input. */
export interface InputProblem {
  /** JSON pointer into the input: `/url`. */
  readonly pointer: string;
  readonly detail: string;
}

/** What the api and the worker must know of a kind of job; its handler is elsewhere. */
export interface KindDefinition<Input extends object = object> {
  /** Written form, on the wire as `task_type` and in the database: lower case with underscores. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Class-validator DTO with the kind's own fields; unknown fields are refused. */
  readonly input: Type<Input>;
  /** A complete `input` that works as it stands on a fresh installation. */
  readonly example: Record<string, unknown>;
  readonly timeoutSeconds: number;
  readonly maxAttempts: number;
  /** Jobs of the kind that may run at once, over all workers, unless MAX_RUNNING_PER_KIND says otherwise; none or 0: any number. */
  readonly maxRunning?: number;
  /** Error codes of its own that a failed task may carry, and what they mean. */
  readonly errorCodes: Readonly<Record<string, string>>;
  /** Refuses at submit what the DTO cannot know, because it depends on the configuration; none: the input is fine. */
  refuse?(input: Input, config: Config): readonly InputProblem[];
}

/** Checks the types of a definition where it is written. */
export function defineKind<Input extends object>(definition: KindDefinition<Input>): KindDefinition<Input> {
  return definition;
}

/** Nest token of the {@link KindRegistry}. */
export const KINDS = Symbol('KINDS');
/** All kinds by name. A Map: `constructor` and `__proto__` are no kinds. */
export type KindRegistry = ReadonlyMap<string, KindDefinition>;
