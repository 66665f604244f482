import { Injectable } from '@nestjs/common';
import { Span } from 'nestjs-otel';
import { DraftReader } from '../draft.reader.js';
import { evaluate } from '../evaluation/evaluate.js';
import type { DraftText, ItemBrief } from '../generators/generator.js';
import type { Quality } from '../quality.js';
import { ArchiveReader } from '../research/archive.reader.js';
import { LexiconReader } from '../text/lexicon.reader.js';

/** Published texts on the same subject that a text is compared with, most. */
const mostCompared = 5;

/** Gathers what a text is judged by, and judges it. */
@Injectable()
export class Judge {
  constructor(
    private readonly reader: DraftReader,
    private readonly archive: ArchiveReader,
    private readonly lexicons: LexiconReader,
  ) {}

  /** @throws the reason of the signal. */
  @Span('judge')
  async judge(itemId: string, item: ItemBrief, text: DraftText, signal: AbortSignal): Promise<Quality> {
    const material = await this.reader.material(itemId);
    const archive = await this.archive.published(item.topic, item.language, mostCompared, itemId);
    const texts = [
      text.title,
      text.body,
      item.topic,
      item.brief.primaryKeyword ?? '',
      ...material.map((one) => one.text),
    ];
    const lexicon = await this.lexicons.lexiconOf(item.language, texts);
    const { topic, format, language, brief } = item;
    const { title, body, sources } = text;
    const judged = { topic, format, language, brief, title, body, sources, material, archive, lexicon };
    return evaluate(judged, signal);
  }
}
