import type { WritingTask } from '../generator.js';

/** What can be made of an instruction by choosing among sentences. */
export interface ReadInstructions {
  readonly targetWords: number | null;
  readonly longestSentence: number | null;
  /** Terms that there should be more of. */
  readonly wanted: readonly string[];
  readonly unwanted: readonly string[];
  /** What is done about it, and what cannot be, as sentences. */
  readonly notes: readonly string[];
}

const shorter = /\b(short(er|en)|too long|trim|condense|kürze[rn]?|zu lang)\b/i;
const longer = /\b(long(er)?|lengthen|too short|extend|expand|länger|ausführlicher|zu kurz)\b/i;
const simpler = /\b(simpl(er|ify)|easier|plain(er)?|readable|einfacher|leichter|verständlicher)\b/i;
const negative =
  /\b(remove|drop|delete|without|omit|avoid|leave out|less|cut|ohne|weniger|entferne[n]?|streiche[n]?|weglassen)\b/i;
/** Words of instructions that are about the text, not about its subject. */
const aboutTheText = new Set(
  (
    'add more less please make write text article post section sections paragraph paragraphs sentence sentences word words mention ' +
    'include describe explain focus detail details shorter longer shorten short long simpler easier plain remove drop delete without omit avoid ' +
    'leave cut needs need should must about say tell reader readers heading headings title part rewrite better improve bitte mehr ' +
    'weniger kürzer länger einfacher füge hinzu schreibe absatz text artikel wörter ohne entferne streiche'
  ).split(' '),
);

/** Reads what a reviewer or an owner asks for, sentence by sentence. */
export function readInstructions(instructions: string, task: WritingTask): ReadInstructions {
  const { item, material, lexicon } = task;
  const said = new Set(material.flatMap(({ text }) => lexicon.termsOf(text)));
  const wanted = new Map<string, string>();
  const unwanted = new Map<string, string>();
  for (const clause of instructions.split(/[.;!\n,]+|\b(?:but|and then|aber|sondern)\b/i)) {
    const into = negative.test(clause) ? unwanted : wanted;
    for (const [term, written] of lexicon.writtenForms(clause)) {
      if (!aboutTheText.has(written.toLowerCase()) && !/^\d+$/.test(written)) into.set(term, written);
    }
  }
  const topic = new Set(lexicon.termsOf(item.topic));
  const found = [...wanted.keys()].filter((term) => said.has(term));
  const unknown = [...wanted].filter(([term]) => !said.has(term)).map(([, written]) => written);
  // Without what the whole text is about, nothing would be left.
  const refused = [...unwanted.keys()].filter((term) => said.has(term) && !topic.has(term));
  const notes = [
    ...(found.length > 0 ? [`Gave more room to ${listOf(found, wanted)}.`] : []),
    ...(refused.length > 0 ? [`Left out ${listOf(refused, unwanted)}.`] : []),
    ...(unknown.length > 0 ? [`The sources say nothing about ${unknown.join(', ')}.`] : []),
  ];
  const length = lengthAsked(instructions, item.brief.targetLength);
  if (length !== null) notes.push(`Aimed at ${length} words.`);
  const simple = simpler.test(instructions);
  if (simple) notes.push('Chose shorter sentences.');
  return { targetWords: length, longestSentence: simple ? 22 : null, wanted: found, unwanted: refused, notes };
}

function listOf(terms: readonly string[], written: ReadonlyMap<string, string>): string {
  return terms.map((term) => written.get(term)).join(', ');
}

function lengthAsked(instructions: string, target: number): number | null {
  const exact = /\b(\d{2,4})\s*(words|wörter|worte)/i.exec(instructions);
  if (exact !== null) return Math.min(5_000, Math.max(50, Number(exact[1])));
  if (shorter.test(instructions)) return Math.round(target * 0.7);
  return longer.test(instructions) ? Math.round(target * 1.4) : null;
}
