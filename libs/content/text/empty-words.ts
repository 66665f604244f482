/** Words that say nothing by themselves, and are no stop words. */
const emptyWords = new Set(
  (
    'one two three four five first second third every each many much most several another other others also may might must could would ' +
    'shall never always often usually still even ever already yet however since until within without along across behind beside ' +
    'before after above below between among upon about like such thing things way ways make makes made making take takes taken get ' +
    'gets give gives given goes come comes keep keeps kept say says said use uses used using need needs needed see seen know known ' +
    'new good best better well less little long much last next same different whole half part parts part kind kinds number numbers ' +
    'time times year years day days end ends begin begins'
  ).split(' '),
);

/** Whether an English word says nothing by itself. */
export function isEmptyWord(word: string): boolean {
  return emptyWords.has(word.toLowerCase());
}
