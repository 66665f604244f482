import { parseTime } from './rules.js';

describe('parseTime', () => {
  it('reads RFC 3339 times with an offset', () => {
    expect(parseTime('2026-01-31T12:00:00Z')?.toISOString()).toBe('2026-01-31T12:00:00.000Z');
    expect(parseTime('2026-01-31t12:00:00.1234+02:30')?.toISOString()).toBe('2026-01-31T09:30:00.123Z');
    expect(parseTime('2024-02-29T00:00:00z')?.toISOString()).toBe('2024-02-29T00:00:00.000Z');
  });

  it('refuses everything else', () => {
    for (const text of [
      '2026-02-30T00:00:00Z',
      '2025-02-29T00:00:00Z',
      '2026-01-31',
      '2026-01-31T12:00:00',
      '2026-01-31 12:00:00Z',
      '2026-01-31T24:00:00Z',
      '2026-01-31T12:60:00Z',
      '1769860800',
      'tomorrow',
      '',
    ]) {
      expect(parseTime(text)).toBeNull();
    }
  });
});
