import type { WritingTask } from '../generator.js';
import { clausesOf, type Clause } from './clauses.js';

/** What can be made of requests by choosing among sentences. */
export interface ReadInstructions {
  readonly targetWords: number | null;
  readonly longestSentence: number | null;
  /** Terms that there should be more of. */
  readonly wanted: readonly string[];
  readonly unwanted: readonly string[];
  /** What is done about the last request, and what cannot be, as sentences. */
  readonly notes: readonly string[];
}

const shorter =
  /(?<!\p{L})(shorter|shorten|too long|trim|condense|fewer words|less text|(?:be|keep|make|kept) (?:\p{L}+ ){0,2}short|kürze[rn]?|kürzen|zu lang|weniger (?:text|wörter))(?!\p{L})/iu;
const longer =
  /(?<!\p{L})(longer|lengthen|too short|extend|expand|more (?:words|text)|länger|verlänger[en]*|ausführlicher|zu kurz|mehr (?:text|wörter))(?!\p{L})/iu;
const simpler =
  /(?<!\p{L})(simpler|simplify|easier|plainer|plain (?:language|words|english)|readable|(?:shorter|too long)(?=.*sentences)|sentences(?=.*(?:shorter|too long))|einfacher|leichter|verständlicher)(?!\p{L})/iu;
const partOfText =
  /(?<!\p{L})(sections?|paragraphs?|passages?|chapters?|parts?|sentences?|abschnitte?|absatz|absätze|teile?|satz|sätze)(?!\p{L})/iu;
const exactLength = /(?<!\p{L})(\d{2,4})\s*(?:words|wörtern?|worte)(?!\p{L})/iu;
const shortest = 50;
const longest = 5_000;
const simpleSentence = 22;

/** Reads what reviewers and owners ask for, clause by clause. @param requests oldest first: where two contradict, the newer one wins. */
export function readInstructions(requests: readonly string[], task: WritingTask): ReadInstructions {
  const { item, material, lexicon } = task;
  const said = new Set(material.flatMap(({ text }) => lexicon.termsOf(text)));
  const topic = new Set(lexicon.termsOf(item.topic));
  const wanted = new Map<string, string>();
  const unwanted = new Map<string, string>();
  let words: number | null = null;
  let simple = false;
  let last = noted();
  for (const request of requests) {
    last = noted();
    for (const clause of clausesOf(request)) {
      const length = lengthAsked(clause, words ?? item.brief.targetLength);
      const isSimple = simpler.test(clause.text);
      if (length !== null) words = last.words = length;
      if (isSimple) simple = last.simple = true;
      const forms = [...lexicon.writtenForms(clause.subjects.join(' '))];
      if (clause.direction === null || forms.length === 0) {
        if (length === null && !isSimple) last.notUnderstood.push(clause.text);
        continue;
      }
      if (length !== null || (isSimple && clause.direction === 'wanted')) continue;
      const [into, from] = clause.direction === 'wanted' ? [wanted, unwanted] : [unwanted, wanted];
      for (const [term, written] of forms) {
        // Without what the whole text is about, nothing would be left.
        if (!said.has(term)) last.unknown.push(written);
        else if (clause.direction === 'unwanted' && topic.has(term)) last.topic.push(written);
        else {
          from.delete(term);
          into.set(term, written);
          last[clause.direction].set(term, written);
        }
      }
    }
  }
  const stays = [...unwanted].filter(([term]) => !last.unwanted.has(term)).map(([, written]) => written);
  return {
    targetWords: words,
    longestSentence: simple ? simpleSentence : null,
    wanted: [...wanted.keys()],
    unwanted: [...unwanted.keys()],
    notes: [...notesOf(last), ...(stays.length > 0 ? [`Still left out, as asked before: ${listOf(stays)}.`] : [])],
  };
}

interface Noted {
  readonly wanted: Map<string, string>;
  readonly unwanted: Map<string, string>;
  readonly unknown: string[];
  readonly topic: string[];
  readonly notUnderstood: string[];
  words: number | null;
  simple: boolean;
}

function noted(): Noted {
  return {
    wanted: new Map(),
    unwanted: new Map(),
    unknown: [],
    topic: [],
    notUnderstood: [],
    words: null,
    simple: false,
  };
}

function notesOf({ wanted, unwanted, unknown, topic, notUnderstood, words, simple }: Noted): string[] {
  const more = [...wanted].filter(([term]) => !unwanted.has(term)).map(([, written]) => written);
  return [
    ...(more.length > 0 ? [`Gave more room to ${listOf(more)}.`] : []),
    ...(unwanted.size > 0 ? [`Left out ${listOf([...unwanted.values()])}.`] : []),
    ...(topic.length > 0 ? [`The whole text is about ${listOf(topic)}: that stays.`] : []),
    ...(unknown.length > 0 ? [`The sources say nothing about ${listOf(unknown)}.`] : []),
    ...(words !== null ? [`Aimed at ${words} words.`] : []),
    ...(simple ? ['Chose shorter sentences.'] : []),
    ...(notUnderstood.length > 0 ? [`Not understood: ${notUnderstood.map((text) => `“${text}”`).join(', ')}.`] : []),
  ];
}

function listOf(written: readonly string[]): string {
  return [...new Set(written)].join(', ');
}

/** Words that the whole text should have now, or null when the clause does not ask for a length. */
function lengthAsked({ text, subjects, aboutForm }: Clause, now: number): number | null {
  const exact = exactLength.exec(text);
  const within = (length: number) => Math.min(longest, Math.max(shortest, Math.round(length)));
  if (exact !== null) return within(Number(exact[1]));
  if (aboutForm || partOfText.test(text) || subjects.length > 0) return null;
  if (shorter.test(text)) return within(now * 0.7);
  return longer.test(text) ? within(now * 1.4) : null;
}
