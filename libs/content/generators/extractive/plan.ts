import type { QualityCriterion } from '../../quality.js';
import { isEmptyWord } from '../../text/empty-words.js';
import type { WritingTask } from '../generator.js';
import { capitalized } from './group-sentences.js';
import { readInstructions } from './instructions.js';

/** How an extractive text is to be put together. */
export interface Plan {
  readonly title: string;
  /** Words of the whole text without its headings and sources. */
  readonly targetWords: number;
  /** What the text is about, with weights. */
  readonly focus: ReadonlyMap<string, number>;
  /** Sentences with one of these terms are left out. */
  readonly avoided: ReadonlySet<string>;
  /** Longer sentences are left out. */
  readonly longestSentence: number;
  /** Most sentences of one paragraph. */
  readonly paragraph: number;
  /** Put before the first heading, so that it has the keyword. */
  readonly headingKeyword: string | null;
  /** What differs from a first draft, as sentences. */
  readonly changes: readonly string[];
}

/** Below this a criterion counts as a complaint. */
const complaint = 80;

/** The plan of a first draft, and for a refinement what quality and instructions ask for. */
export function planOf(task: WritingTask): Plan {
  const { item, base, lexicon } = task;
  const first = firstPlan(task);
  if (base === null) return first;
  const asked = readInstructions([...base.earlier, ...(base.instructions === null ? [] : [base.instructions])], task);
  const complaints = new Set(
    (base.quality?.criteria ?? []).filter(({ score }) => score < complaint).map(({ name }) => name),
  );
  const focus = new Map(first.focus);
  const changes: string[] = base.instructions === null ? [] : [...asked.notes];
  const answer = (criterion: QualityCriterion, change: string) => {
    if (!complaints.has(criterion)) return false;
    changes.push(change);
    return true;
  };
  const keyword = item.brief.primaryKeyword;
  const more = (terms: readonly string[], weight: number) =>
    terms.forEach((term) => focus.set(term, Math.max(weight, focus.get(term) ?? 0)));
  const used = new Set(lexicon.termsOf(base.current.body));
  const missing = lexicon.termsOf(item.topic).filter((term) => !used.has(term));
  if (missing.length > 0 && answer('completeness', 'Looked for what was missing of the topic.')) more(missing, 4);
  const keywordMissed = keyword !== null && answer('keyword_use', `Gave “${keyword}” more room.`);
  if (keyword !== null && keywordMissed) more(lexicon.termsOf(keyword), 5);
  more(asked.wanted, 6);
  const shorter = answer('readability', 'Left out long sentences.');
  const split = answer('structure', 'Made the paragraphs shorter.');
  answer('length_fit', 'Fitted the length again.');
  return {
    ...first,
    title: base.current.title,
    targetWords: asked.targetWords ?? first.targetWords,
    focus,
    avoided: new Set(asked.unwanted),
    longestSentence: Math.min(asked.longestSentence ?? first.longestSentence, shorter ? 28 : first.longestSentence),
    paragraph: split ? 2 : first.paragraph,
    headingKeyword: keyword !== null && keywordMissed ? capitalized(keyword) : null,
    changes,
  };
}

function firstPlan({ item, lexicon }: WritingTask): Plan {
  const { topic, tags, brief } = item;
  const focus = new Map<string, number>();
  for (const term of tags.flatMap((tag) => lexicon.termsOf(tag))) focus.set(term, 0.5);
  for (const [term, word] of lexicon.writtenForms(topic)) focus.set(term, isEmptyWord(word) ? 0.2 : 1);
  const keyword = brief.primaryKeyword;
  for (const term of keyword === null ? [] : lexicon.termsOf(keyword)) focus.set(term, 2);
  const title = capitalized(topic.replace(/\s+/g, ' ').trim());
  const known = keyword === null || title.toLowerCase().includes(keyword.toLowerCase());
  return {
    title: known ? title : `${title}: ${keyword}`,
    targetWords: brief.targetLength,
    focus,
    avoided: new Set(),
    longestSentence: Number.POSITIVE_INFINITY,
    paragraph: 4,
    headingKeyword: null,
    changes: [],
  };
}
