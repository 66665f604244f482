import { diffRows, folded, type DiffLine, type Run } from './diff-rows.js';

const equal = (text: string): Run => ({ op: 'equal', text });
const gone = (text: string): Run => ({ op: 'delete', text });
const come = (text: string): Run => ({ op: 'insert', text });
const textOf = (line: DiffLine | null) => line && `${line.number} ${line.runs.map(({ text }) => text).join('')}`;
const laidOut = (...runs: Run[]) =>
  diffRows(runs).map(({ left, right, isChanged }) => [textOf(left), textOf(right), isChanged]);

it('puts the lines of two texts beside each other, and marks those with a change', () =>
  expect(laidOut(equal('one\ntw'), gone('o'), come('enty'), equal('\nthree'))).toEqual([
    ['1 one', '1 one', false],
    ['2 two', '2 twenty', true],
    ['3 three', '3 three', false],
  ]));

it('counts the lines of each text by itself where one has more', () =>
  expect(laidOut(equal('one\n'), come('two\nthree\n'), equal('four'))).toEqual([
    ['1 one', '1 one', false],
    ['2 four', '2 two', true],
    [null, '3 three', true],
    [null, '4 four', true],
  ]));

it('shows a text beside nothing', () =>
  expect(laidOut(gone('one\ntwo'))).toMatchObject([
    ['1 one', '1 ', true],
    ['2 two', null, true],
  ]));

it('loses no letter of either text', () => {
  const runs = [equal('a\n\nb'), gone('c\n'), come('\n\nd'), equal('e\n'), come('f')];
  const rows = diffRows(runs);
  const joined = (side: 'left' | 'right') =>
    rows.flatMap((row) => (row[side] === null ? [] : [row[side].runs.map(({ text }) => text).join('')])).join('\n');
  const whole = (without: Run['op']) => runs.flatMap(({ op, text }) => (op === without ? [] : [text])).join('');
  expect(joined('left')).toBe(whole('insert'));
  expect(joined('right')).toBe(whole('delete'));
});

describe('folding', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, number) => `line ${number}`).join('\n');
  const parts = (...runs: Run[]) =>
    folded(diffRows(runs)).map((part) => ('folded' in part ? part.folded.length : part.row.isChanged));

  it('leaves three lines around a change', () =>
    expect(parts(equal(`${lines(10)}\n`), come('new'), equal(`\n${lines(10)}`))).toEqual([
      ...[7, false, false, false, true, false, false, false, 7],
    ]));
  it('hides no two lines', () =>
    expect(parts(equal(`${lines(5)}\n`), come('new'))).toEqual([false, false, false, false, false, true]));
  it('hides all of two texts that are the same', () => expect(parts(equal(lines(9)))).toEqual([9]));
});
