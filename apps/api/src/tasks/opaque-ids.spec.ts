import { cursorBefore, readCursor } from './list-cursor.js';
import { logId, readLogId } from './log-id.js';

const id = '01a2012f-38ad-709e-9332-8b58132069b8';

describe('cursor of the list', () => {
  it('is read back', () => expect(readCursor(cursorBefore(id))).toBe(id));

  it('is refused when forged', () => {
    const good = cursorBefore(id);
    for (const forged of [
      'AAAA',
      '',
      good.slice(1),
      `${good}=`,
      `${good} `,
      Buffer.from('before:x').toString('base64url'),
    ]) {
      expect(() => readCursor(forged)).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
    }
  });
});

describe('id of the stream of many tasks', () => {
  const origin = '0123abcd';
  const positions = [
    { origin, from: 7n, to: 9n, event: { jobId: id, seq: 3 } },
    { origin, from: 9n, to: 9n, event: null },
  ];

  it.each(positions)('is read back: %o', (position) => {
    expect(readLogId(logId(position), 'invalid_header')).toEqual(position);
  });

  it('is refused when forged', () => {
    for (const forged of ['AAAA', '7', `${logId(positions[0])}x`, logId({ origin, from: 9n, to: 7n, event: null })]) {
      expect(() => readLogId(forged, 'invalid_query')).toThrow(expect.objectContaining({ code: 'invalid_query' }));
    }
  });
});
