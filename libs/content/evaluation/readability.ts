import { languageOf } from '../text/language.js';
import { syllablesOf, wordsOf } from '../text/words.js';
import { scaled, type TextView, type Verdict } from './text-view.js';

/** How easily the text reads: Flesch's formula of its language; where there is none, the length of its sentences. */
export function readability({ sentences, language }: TextView): Verdict {
  const words = sentences.flatMap((sentence) => wordsOf(sentence.replace(/\[\d+\]/g, '')));
  if (words.length === 0) return { score: 0, reason: 'There is nothing to read.' };
  const perSentence = words.length / Math.max(1, sentences.filter((sentence) => wordsOf(sentence).length > 2).length);
  const length = `sentences have ${perSentence.toFixed(1)} words on average`;
  const { ease } = languageOf(language);
  if (ease === undefined) {
    return { score: scaled(perSentence, [18, 100], [45, 0]), reason: `Judged by length alone: ${length}.` };
  }
  const perWord = words.reduce((sum, word) => sum + syllablesOf(word, language), 0) / words.length;
  const index = ease.base - ease.perSentence * perSentence - ease.perWord * perWord;
  return { score: scaled(index, [0, 10], [50, 100]), reason: `Reading ease ${Math.round(index)} of 100: ${length}.` };
}
