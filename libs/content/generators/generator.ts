import type { ContentItemEntity } from '../content-item.entity.js';
import type { GeneratorUse } from '../content-version.entity.js';
import type { Quality } from '../quality.js';
import type { SourceMaterial } from '../source-material.js';
import type { Lexicon } from '../text/lexicon.js';
import type { ContentSource } from '../version-hash.js';
import type { PeoplesEdits } from './peoples-edits.js';
import { noUsage, type Usage } from './usage.js';

/** What is wanted of an item. */
export type ItemBrief = Pick<ContentItemEntity, 'topic' | 'format' | 'language' | 'tags' | 'brief'>;

export interface DraftText {
  readonly title: string;
  /** Markdown; cites its sources as `[n]` and lists them at its end. */
  readonly body: string;
  readonly sources: readonly ContentSource[];
}

/** What a refinement starts from. */
export interface RefinementBase {
  readonly current: DraftText;
  readonly quality: Quality | null;
  /** What a reviewer or the owner asks for; null: what quality complains about. */
  readonly instructions: string | null;
  /** What was asked of the versions that lead to this one, oldest first: it holds unless `instructions` contradict it. */
  readonly earlier: readonly string[];
  readonly edits: PeoplesEdits;
}

/** A text to be written. */
export interface WritingTask {
  readonly item: ItemBrief;
  readonly material: readonly SourceMaterial[];
  /** Of all texts that go in. */
  readonly lexicon: Lexicon;
  /** Null for a first draft. */
  readonly base: RefinementBase | null;
}

export interface WrittenText extends DraftText {
  /** What was done, in a sentence or two. */
  readonly changes: string;
  /** Who wrote it, and all that it took: answers that were of no use, and what other generators tried before, too. */
  readonly use: GeneratorUse;
}

/** How a generator is stopped and watched. */
export interface WritingWatch {
  readonly signal: AbortSignal;
  /** Reports how many words there are so far. */
  progress(words: number): void;
  warn(message: string, data?: Record<string, unknown>): void;
}

/** Something that writes texts. */
export interface ContentGenerator {
  readonly name: string;
  /** @throws GeneratorError, or the reason of the watch's signal. */
  write(task: WritingTask, watch: WritingWatch): Promise<WrittenText>;
}

/** A generator gave no usable text. Its message is safe to show. */
export class GeneratorError extends Error {
  override readonly name = 'GeneratorError';
  constructor(
    message: string,
    /** Whether it may well work later. */
    readonly transient: boolean,
    /** How long it asks to be left alone, in milliseconds. */
    readonly retryAfter: number | null = null,
    /** What it took all the same. */
    readonly usage: Usage = noUsage,
  ) {
    super(message);
  }
}
