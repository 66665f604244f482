import { learnServerTime, serverNow } from './server-clock.js';

describe('the time of the server', () => {
  const ahead = () => Math.round((serverNow() - Date.now()) / 1_000);
  const answer = (seconds: number, tookMs = 0) =>
    learnServerTime(new Date(Date.now() + seconds * 1_000).toUTCString(), Date.now() - tookMs);

  it('is told from answers, when the clock of this device is wrong', () => {
    expect(ahead()).toBe(0);
    answer(-600);
    expect(Math.abs(ahead() + 600)).toBeLessThanOrEqual(1);
    answer(0);
    expect(ahead()).toBe(0);
  });

  it('does not jump with each answer, nor with one that was long on its way', () => {
    answer(1);
    answer(-10, 30_000);
    learnServerTime(null, Date.now());
    expect(ahead()).toBe(0);
  });
});
