import { paceOf } from '../../pace.js';
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
import { noUsage } from '../usage.js';
import { inOrderOfGain } from './choose-sentences.js';
import { compose, type Outline } from './compose.js';
import { fromBestParts, groupSentences } from './group-sentences.js';
import { planOf, type Plan } from './plan.js';
import { rankSentences, type Ranked } from './rank-sentences.js';
import { candidatesOf } from './sentence-pool.js';

/** Sections by format, most. */
const mostSections = { blog_post: 8, newsletter: 4, email: 1, social_media: 1 };
/** Words that a section should have. */
const sectionWords = 110;
const sentencesOfSummary = 3;
/** Sentences among which lead and summary are looked for. */
const amongBest = 15;

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
    const pace = paceOf(watch.signal);
    const settings = { language: item.language, lexicon, refused: edits.removed };
    const pool = await candidatesOf(material, settings, pace);
    const candidates = pool.filter(
      ({ longest, terms }) => longest <= plan.longestSentence && !terms.some((term) => plan.avoided.has(term)),
    );
    if (candidates.length === 0) throw new GeneratorError('The sources have no sentence that could be quoted.', false);
    const ranked = rankSentences(candidates, plan.focus);
    await pace();
    const parts = Math.max(2, Math.round(plan.targetWords / sectionWords));
    const inOrder = await inOrderOfGain(
      fromBestParts(ranked, parts, plan.targetWords * 1.5),
      plan.targetWords * 1.5,
      pace,
    );
    const layout = { item, phrases: phrasesOf(item.language), material, ...plan };
    const text = fitted(plan.targetWords, (budget) => compose(this.outline(inOrder, budget, task, plan), layout));
    watch.progress(wordsOfText(text));
    const kept = edits.written.length > 0 ? ' What people wrote was kept.' : '';
    return {
      title: plan.title,
      ...citeSources(text, material, item.language),
      changes: `${plan.changes.join(' ') || 'Put together anew.'}${kept}`,
      use: { provider: this.name, model: null, ...noUsage },
    };
  }

  private outline(inOrder: readonly Ranked[], budget: number, { item, base }: WritingTask, { focus }: Plan): Outline {
    const taken: Ranked[] = [];
    let words = 0;
    for (const sentence of inOrder) {
      // A shorter one may still fit.
      if (taken.length > 0 && words + sentence.words > budget + sentence.words / 2) continue;
      taken.push(sentence);
      words += sentence.words;
    }
    const lead = leadOf(taken.slice(0, amongBest), focus) ?? taken[0] ?? null;
    const others = taken.filter((sentence) => sentence !== lead);
    const summary = others.length < 8 ? [] : summaryOf(others.slice(0, amongBest));
    const rest = others.filter((sentence) => !summary.includes(sentence));
    return {
      lead,
      summary,
      sections: groupSentences(rest, mostSections[item.format]),
      written: base?.edits.written ?? [],
    };
  }
}

/** Whose story it is, and what it says of something that was named before. */
const notForEverybody =
  /(^|[\s“„])(I|we|our|my|us|it|its|they|them|this|these|ich|wir|uns|unser\w*|mein\w*|es|ihn|ihm|dies\w*)(?=[\s,.;:’])/iu;

/** Whether a sentence can stand for a text: neither too short nor too long, for every reader, nobody's own story. */
function isForEverybody({ text, words, technical }: Ranked): boolean {
  return words >= 7 && words <= 32 && !technical && !notForEverybody.test(text);
}

/** Terms at its beginning that tell what a sentence is about. */
const subjectTerms = 3;

/** What opens the text: of the best sentences, those count more that begin with its subject, or open a part of their source. */
function leadOf(best: readonly Ranked[], focus: Plan['focus']): Ranked | undefined {
  const isAbout = ({ terms }: Ranked) => terms.slice(0, subjectTerms).some((term) => (focus.get(term) ?? 0) >= 1);
  const worthOf = (sentence: Ranked) =>
    sentence.score + 0.2 / Math.sqrt(sentence.position) + (isAbout(sentence) ? 0.3 : 0);
  const fit = best.filter(isForEverybody).sort((a, b) => worthOf(b) - worthOf(a));
  return fit.find((sentence) => introducesItself(sentence, focus)) ?? fit[0];
}

/** Whether nothing must have been said before: "The row changes at once" is no beginning, unless rows are the subject. */
function introducesItself({ text, terms, context, position }: Ranked, focus: Plan['focus']): boolean {
  if (/(?<!\p{L})(?:that (?:is|was|are)|themselves|itself|at once|such)(?!\p{L})/iu.test(text)) return false;
  if (position === 1 || !/^["“„«‘(]?(?:the|der|die|das) /iu.test(text)) return true;
  return terms.slice(0, 2).some((term) => (focus.get(term) ?? 0) >= 1 || context.includes(term));
}

/** A few of the best sentences, of different sources as far as there are such. */
function summaryOf(best: readonly Ranked[]): Ranked[] {
  const fit = best.filter(isForEverybody);
  const sources = new Set<number>();
  const firsts = fit.filter(({ source }) => !sources.has(source) && sources.add(source));
  return [...firsts, ...fit.filter((sentence) => !firsts.includes(sentence))].slice(0, sentencesOfSummary);
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
