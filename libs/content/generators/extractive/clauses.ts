import { isEmptyWord } from '../../text/empty-words.js';

/** A clause of what somebody asks for. */
export interface Clause {
  readonly text: string;
  /** Whether there should be more of its subjects, or none of them; null: neither. */
  readonly direction: 'wanted' | 'unwanted' | null;
  /** What it says its subjects with: without verbs of wishing, words about texts and stop words, in order. */
  readonly subjects: readonly string[];
  /** Whether it is about how the text is made up: headings, spelling, tone. */
  readonly aboutForm: boolean;
}

const missing = anyOf(
  'not enough|too (?:little|few)|(?:is|are) (?:still )?missing|missing|lack(?:s|ing)?|nicht genug|zu wenige?|fehl(?:t|en|te)',
  "(?:not|\\p{L}*n't|never) (?:forget|omit|leave|skip|drop|remove|cut|delete)|nicht (?:vergessen|weglassen|streichen|kürzen|entfernen)|vergiss nicht",
  "(?:it|this|text|article|post|draft|version) (?:(?:does(?:n't| not)|never) \\p{L}+|says nothing)",
  "you (?:(?:do(?:n't| not)|did(?:n't| not)|never) (?:mention|say|explain|cover|describe|discuss|talk|tell)|say nothing)",
  "there(?:'s| is| are) (?:nothing|no (?:mention|word|information|section|part))",
  "(?:not|\\p{L}*n't|never) (?:mentioned|covered|explained|described|discussed)|nicht (?:erwähnt|erklärt|beschrieben|behandelt)(?! werden)",
);
/** Says that something is wrong, and not what should become of it. */
const unclear = anyOf(
  "(?:not|\\p{L}*n't|nicht) (?:only|just|nur|so )?(?:understand|clear|sure|convinced|klar|sicher|verstanden)|verstehe .* nicht|nicht verständlich",
  "(?:not|\\p{L}*n't) (?:only|just)|nicht nur",
);
const negative = anyOf(
  "less|fewer|no|not|\\p{L}*n't|dont|never|nothing|without|too (?:much|many)|so (?:much|many)|instead of|rather than",
  'remov(?:e|ed|ing)|drop(?:ped|ping)?|delet(?:e|ed|ing)|omit(?:ted)?|avoid|skip|exclude|cut(?! off)|reduce|stop|get rid|take out',
  'leave .*out|leaving out|left out|irrelevant|unnecessary',
  'weniger|kein\\p{L}*|nicht|nichts|nie|niemals|ohne|zu viele?|so viele?|statt|anstatt|anstelle',
  'entfern\\p{L}*|streich\\p{L}*|gestrichen|weglassen|weg|raus|lösch\\p{L}*|vermeid\\p{L}*|verzicht\\p{L}*|auslassen|überflüssig',
);
/** Words behind which a negative one is part of the subject: "more about the drop in prices". */
const emphatic = anyOf('more|mehr|expand|elaborate|focus|what about');
const positive = anyOf(
  'more|add|include|mention|describe|explain|expand|elaborate|extend|focus|emphasi[sz]e|stress|highlight|discuss|deepen|keep',
  'go (?:\\p{L}+ )?into|what about|(?:say|write|talk|tell) (?:\\p{L}+ )?(?:about|on)|cover|also|better|in (?:more |greater )?detail|longer',
  'mehr|füge?n?|ergänz\\p{L}*|erwähn\\p{L}*|beschreib\\p{L}*|erklär\\p{L}*|erläuter\\p{L}*|vertief\\p{L}*|beton\\p{L}*|behandel?\\p{L}*',
  'geh\\p{L}* .*auf|eingehen|was ist mit|schreib\\p{L}* .*über|bericht\\p{L}*|lieber|auch|ausführlicher|genauer',
);
/** What a text is made up of and looks like. */
const form = anyOf(
  'headings?|headlines?|titles?|subtitles?|introduction|intro|summary|conclusion|layout|format|formatting|spelling|grammar|typos?|tone|style',
  'quotes?|quotations?|quotation marks|citations?|links?|überschrift(?:en)?|titel|einleitung|zusammenfassung|fazit|rechtschreibung',
  'grammatik|ton|stil|zitate?|anführungszeichen|fußnoten?',
);
const about = anyOf('about|regarding|concerning|on|über|zum|zur|zu');

/** Where a clause ends by itself. */
const sentenceEnd = /(?<!\d)[.](?!\d)|\.(?=\s|$)|[;!?\n]+/u;
const fillers =
  '(?:(?:please|also|then|instead|rather|say|write|talk|tell|perhaps|maybe|much|far|a|bit|little|to|do|bitte|auch|dann|dafür|dagegen|viel|etwas|schreibe?|sage?) )*';
const turns =
  "more|less|fewer|no|not|don't|never|drop|remove|delete|omit|skip|cut|leave|avoid|add|include|mention|describe|explain|expand|elaborate|focus|go into|make|shorten|" +
  'mehr|weniger|kein\\p{L}*|nicht|streich\\p{L}*|entfern\\p{L}*|lass|geh\\p{L}*|erwähn\\p{L}*|ergänz\\p{L}*|erklär\\p{L}*|beschreib\\p{L}*';
const clauseEnd = new RegExp(
  `,|:\\s|\\s(?:but|and then|whereas|while|aber|sondern|während)\\s|\\s(?:and|or|und|oder)\\s(?=${fillers}(?:${turns})(?!\\p{L}))|` +
    '\\s(?=(?:instead of|rather than|without|anstatt|statt|anstelle|ohne|lieber)\\s)',
  'iu',
);

/** Words of requests that are no subjects: those that ask, those for texts and their parts, and stop words. */
const noSubjects = new Set(
  (
    'a an and or the of in at to for from with by as is are be been was were it its this that these those there they them their he she we us our i me my you your ' +
    'some any all so too very quite just only also then than if what which who why how do does did has have had can could would should must may need needs ' +
    "don't doesn't didn't isn't aren't won't can't shouldn't " +
    'add more less fewer please make made write text article post draft version story section sections paragraph paragraphs passage passages chapter part parts ' +
    'sentence sentences word words line lines mention mentions mentioned mentioning include included describe explain explained cover covered focus detail details ' +
    'detailed depth deeper shorter longer shorten short long simpler easier plain remove drop delete without omit avoid leave leaving left out cut skip exclude ' +
    'reduce stop say says said tell talk talks reader readers rewrite better improve expand elaborate extend emphasize emphasise stress highlight discuss deepen ' +
    'keep go goes into further greater room bit little lot lots missing lacks lack lacking enough much many about on regarding concerning no not never nothing ' +
    'instead rather forget even again still now here off down up get rid take irrelevant unnecessary want wants like bring give fix change rather maybe perhaps whole entire ' +
    'information anything something everything first last next previous previously don t s ' +
    'bitte lang kurz mehr weniger kürzer kürze kürzen länger einfacher füge fügen hinzu hinzufügen schreibe schreiben schreib absatz absätze abschnitt abschnitte teil teile text artikel beitrag ' +
    'satz sätze wort wörter worte ohne entferne entfernen streiche streichen weglassen lass lassen lasse weg raus lösche löschen vermeide vermeiden verzichte verzichten ' +
    'verzichtet kein keine keinen keiner keinem nicht nichts nie niemals zu zum zur viel viele so und oder aber sondern auch der die das den dem des ein eine einen einem einer ' +
    'über auf von vom mit für im in am an aus bei ist sind war wird werden soll sollen sollte muss müssen kann können es sie er wir ich man mir uns ' +
    'etwas genauer ausführlicher näher eingehen geh gehe gehen erwähne erwähnen erwähnt erkläre erklären erklärt beschreibe beschreiben beschrieben erläutere erläutern ergänze ' +
    'ergänzen vertiefe vertiefen betone betonen behandle behandeln fehlt fehlen fehlte genug wenig wenige was wie warum statt anstatt anstelle lieber dafür dann stattdessen ' +
    'noch mal nochmal wieder überflüssig vergiss vergessen leser gestrichen details einzelheiten detail info infos informationen'
  ).split(' '),
);
const courtesies = new Set(
  'please thanks thank you no yes ok okay hi hello bitte danke ja nein hallo vielen dank and und'.split(' '),
);
/** A list goes on in a clause of at most so many words. */
const mostWordsOfListed = 8;
const mostSubjectsOfListed = 3;

/** Takes a request apart; what is only polite is left out. English and German. */
export function clausesOf(request: string): Clause[] {
  return request
    .normalize('NFC')
    .replaceAll('’', "'")
    .split(sentenceEnd)
    .flatMap((sentence) => {
      const clauses: Clause[] = [];
      for (const part of sentence.split(clauseEnd)) {
        const text = part.trim().replace(/^(?:and|und)\s+/iu, '');
        if (wordsIn(text).some((word) => !courtesies.has(word.toLowerCase()))) clauses.push(read(text, clauses.at(-1)));
      }
      return clauses;
    });
}

function read(text: string, before: Clause | undefined): Clause {
  const own = directionOf(text);
  const at = about.exec(text);
  const behind = at === null ? [] : subjectsIn(text.slice(at.index + at[0].length));
  const aboutForm =
    form.test(at === null || behind.length === 0 ? text : text.slice(at.index).replace(form, '')) &&
    behind.length === 0;
  const subjects = aboutForm ? [] : behind.length > 0 ? behind : subjectsIn(text);
  // "Drop the batteries, the inverter": a list goes on.
  const listed =
    own === null &&
    subjects.length > 0 &&
    subjects.length <= mostSubjectsOfListed &&
    (before?.subjects.length ?? 0) > 0 &&
    !unclear.test(text) &&
    isListed(text);
  return { text, direction: listed ? (before?.direction ?? null) : own, subjects, aboutForm };
}

function isListed(text: string): boolean {
  return (
    wordsIn(text).length <= mostWordsOfListed &&
    !anyOf("it|them|they|we|i|you|is|are|was|were|it's|sie|wir|ich|ist|sind").test(text)
  );
}

function directionOf(text: string): Clause['direction'] {
  if (unclear.test(text)) return null;
  if (missing.test(text)) return 'wanted';
  const no = negative.exec(text);
  const yes = emphatic.exec(text);
  if (no !== null && (yes === null || no.index < yes.index)) return 'unwanted';
  return yes !== null || positive.test(text) ? 'wanted' : null;
}

function subjectsIn(text: string): string[] {
  return wordsIn(text).filter(
    (word) => !noSubjects.has(word.toLowerCase()) && !isEmptyWord(word) && !/^\d+$/u.test(word),
  );
}

function wordsIn(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}]+(?:'[\p{L}]+)?/gu) ?? [];
}

/** Whole words; `\b` knows no letters but those of English. */
function anyOf(...alternatives: readonly string[]): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}'])(?:${alternatives.join('|')})(?![\\p{L}\\p{N}])`, 'iu');
}
