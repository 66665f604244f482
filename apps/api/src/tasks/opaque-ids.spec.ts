import { cursorBefore, readCursor } from './list-cursor.js';
import { readWatermark, watermarkOf } from './watermark.js';

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
  it('is read back', () => {
    const at = new Date('2026-01-31T12:00:00.123Z');
    expect(readWatermark(watermarkOf(at), 'invalid_header')).toEqual(at);
  });

  it('is refused when forged', () => {
    for (const forged of [
      'AAAA',
      '7',
      `${watermarkOf(new Date())}x`,
      Buffer.from('t:999999999999999999').toString('base64url'),
    ]) {
      expect(() => readWatermark(forged, 'invalid_query')).toThrow(expect.objectContaining({ code: 'invalid_query' }));
    }
  });
});
