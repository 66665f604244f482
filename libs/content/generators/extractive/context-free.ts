/** Sentences that say something only behind the one before: they begin with one of these words. */
const leaning: Readonly<Record<string, RegExp>> = {
  english: beginsWith(
    'this that these those it its they them their he she his her we such both neither then thus hence therefore so but and or yet ' +
      'still however also instead otherwise moreover furthermore besides another others meanwhile similarly likewise accordingly ' +
      'for_example for_instance in_addition in_contrast by_contrast as_a_result on_the_other_hand the_same the_latter the_former ' +
      'the_other the_rest the_two the_second the_third only_then',
  ),
  german: beginsWith(
    'dies diese dieser dieses diesen jene jener er sie es sein seine ihr ihre deren dessen dazu dabei dafür dagegen damit danach ' +
      'daher darum deshalb deswegen doch aber und oder auch so dann denn jedoch allerdings außerdem zudem trotzdem dort vorher ' +
      'nachher solche beide sonst zum_beispiel das_ist das_heißt das_war das_gilt das_geht das_liegt wir',
  ),
};

/** Says something of what the one before is about: "The panels themselves …", "Half of that sum …". */
const pointsBack =
  /^["“„«‘(]?(?:the|die|der|das) \p{L}+ (?:themselves|itself|himself|herself|selbst)(?!\p{L})|^(?:\p{L}+ ){1,2}(?:of|von) (?:that|this|these|those|diese[mrn]?) /iu;

/** What pages say beside their subject. */
const besideTheSubject =
  /^(see also|read (more|also)|learn more|click|tap here|share (this|on)|subscribe|sign up|follow us|advertisement|lesen sie (auch|mehr)|siehe auch|mehr (dazu|lesen)|jetzt (abonnieren|anmelden|teilen)|folgen sie uns|anzeige)\b|©|\b(click here|hier klicken|all rights reserved|alle rechte vorbehalten)\b|\b(uses?|verwende[nt]|nutz(en|t)) cookies\b/iu;

/** Settings, paths and code: of use where they belong, hard to read elsewhere. */
const technical = /[_={}<>|~\\]|\w\/\w|\w\(|::|--\w|\b[A-Z]{2,}_/;

/** Whether a sentence needs the one before it to be understood. */
export function leansOnTheLast(sentence: string, language: string): boolean {
  return (leaning[language]?.test(sentence) ?? false) || pointsBack.test(sentence);
}

/** Whether a sentence belongs to the page, not to what the page is about. */
export function isBesideTheSubject(sentence: string): boolean {
  return besideTheSubject.test(sentence);
}

export function isTechnical(sentence: string): boolean {
  return technical.test(sentence);
}

/** @param words with blanks written as `_`. */
function beginsWith(words: string): RegExp {
  return new RegExp(`^["“„«‘(]?(${words.replaceAll(' ', '|').replaceAll('_', ' ')})(?=[\\s,:])`, 'iu');
}
