/** Milliseconds below which a difference may be the way of the answer, or the whole seconds of its date. */
const slack = 2_000;

let offset = 0;

/** The time of the server, as far as it is known, in milliseconds: the clock of this device may be wrong. */
export function serverNow(): number {
  return Date.now() + offset;
}

/**
 * Learns from the `Date` of an answer.
 * @param askedAt when the answer was asked for, by this device.
 */
export function learnServerTime(date: string | null, askedAt: number): void {
  const sent = Date.parse(date ?? '');
  if (Number.isNaN(sent)) return;
  const answeredAt = Date.now();
  const found = sent - (askedAt + answeredAt) / 2;
  // What is near enough stays, so that times do not jump with each answer.
  if (Math.abs(found - offset) > slack + (answeredAt - askedAt) / 2) offset = Math.abs(found) > slack ? found : 0;
}
