import { setImmediate as turn } from 'node:timers/promises';
import { articleParts } from '../../text/markdown-parts.js';
import { phrasesOf } from '../../text/phrases.js';
import { countWords } from '../../text/words.js';
import { citedFirst, citeSources } from '../cite-sources.js';
import {
  GeneratorError,
  type ContentGenerator,
  type WritingTask,
  type WritingWatch,
  type WrittenText,
} from '../generator.js';
import { noEdits } from '../peoples-edits.js';
import { inOrderOfGain } from './choose-sentences.js';
import { compose, type Outline } from './compose.js';
import { groupSentences } from './group-sentences.js';
import { planOf } from './plan.js';
import { rankSentences, type Ranked } from './rank-sentences.js';
import { candidatesOf } from './sentence-pool.js';

/** Sections by format, most. */
const mostSections = { blog_post: 7, newsletter: 4, email: 1, social_media: 1 };
const sentencesOfSummary = 3;
/** What headings are made of. */
interface Wording {
  /** How a term is written in the sources. */
  readonly written: ReadonlyMap<string, string>;
  /** Terms that the whole text is about. */
  readonly general: ReadonlySet<string>;
}

/** Deviation from the wanted length that is good enough. */
const nearEnough = 0.05;

/**
 * Puts a text together out of sentences of the sources: chosen by their worth, quoted word for word and cited. It needs
 * neither key nor network, invents nothing, and the same task always gives the same text.
 */
export class ExtractiveGenerator implements ContentGenerator {
  readonly name = 'extractive';

  async write(task: WritingTask, watch: WritingWatch): Promise<WrittenText> {
    const { item, lexicon, base } = task;
    const edits = base?.edits ?? noEdits;
    const plan = planOf(task);
    const material = citedFirst(task.material, base?.current.sources ?? []);
    const pause = async () => {
      await turn();
      watch.signal.throwIfAborted();
    };
    await pause();
    const pool = candidatesOf(material, item.language, lexicon, edits.removed);
    const candidates = pool.filter(
      ({ words, terms }) => words <= plan.longestSentence && !terms.some((term) => plan.avoided.has(term)),
    );
    if (candidates.length === 0) throw new GeneratorError('The sources have no sentence that could be quoted.', false);
    await pause();
    const ranked = rankSentences(candidates, plan.focus);
    await pause();
    const inOrder = inOrderOfGain(ranked, plan.targetWords * 1.5);
    const layout = { item, phrases: phrasesOf(item.language), material, ...plan };
    const wording = this.wordingOf(task);
    const text = fitted(plan.targetWords, (budget) => compose(this.outline(inOrder, budget, task, wording), layout));
    watch.progress(wordsOfText(text));
    const kept = edits.written.length > 0 ? ' What people wrote was kept.' : '';
    return {
      title: plan.title,
      ...citeSources(text, material, item.language),
      changes: `${plan.changes.join(' ') || 'Put together anew.'}${kept}`,
      use: { provider: this.name, model: null, input_tokens: 0, output_tokens: 0, cost: 0 },
    };
  }

  private wordingOf({ item, lexicon, material }: WritingTask): Wording {
    return {
      written: lexicon.writtenForms(material.map(({ text }) => text).join('\n')),
      general: new Set(lexicon.termsOf([item.topic, ...item.tags].join(' '))),
    };
  }

  private outline(inOrder: readonly Ranked[], budget: number, { item, base }: WritingTask, wording: Wording): Outline {
    const taken: Ranked[] = [];
    let words = 0;
    for (const sentence of inOrder) {
      // A shorter one may still fit.
      if (taken.length > 0 && words + sentence.words > budget + sentence.words / 2) continue;
      taken.push(sentence);
      words += sentence.words;
    }
    const [lead = null, ...others] = taken;
    const summary =
      others.length < 8 ? [] : others.filter((sentence) => sentence.words <= 30).slice(0, sentencesOfSummary);
    const rest = others.filter((sentence) => !summary.includes(sentence));
    const sections = Math.min(mostSections[item.format], Math.max(1, Math.round(words / 160)));
    return {
      lead,
      summary,
      sections: groupSentences(rest, sections, wording.written, wording.general),
      written: base?.edits.written ?? [],
    };
  }
}

/** The text whose length comes nearest to the wanted one, by trying how many words of quotations that takes. */
function fitted(targetWords: number, composed: (budget: number) => string): string {
  let budget = targetWords;
  let best = { text: '', off: Number.POSITIVE_INFINITY };
  for (let round = 0; round < 6 && best.off > targetWords * nearEnough; round += 1) {
    const text = composed(budget);
    const words = wordsOfText(text);
    const off = Math.abs(words - targetWords);
    if (off < best.off) best = { text, off };
    budget += targetWords - words;
  }
  return best.text;
}

function wordsOfText(body: string): number {
  return articleParts(body).reduce((sum, { kind, text }) => sum + (kind === 'heading' ? 0 : countWords(text)), 0);
}
