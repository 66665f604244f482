import { cursorOf, searchPosition } from './post-cursor.js';

const itemId = '01970000-0000-7000-8000-000000000000';
const written = (rank: string) => Buffer.from(`s:f:${rank}:${itemId}`).toString('base64url');

it.each(['9e99', '9e38', '9e-99', '1e-46', '3.41e38'])('refuses a rank that a real cannot hold: %s', (rank) => {
  expect(() => searchPosition(written(rank))).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
});

it.each(['0', '0.0607927', '1', '1e-20', '1.2e-45', '3.4e38'])('reads its own back: %s', (rank) => {
  const position = { byText: true, rank, itemId };
  expect(searchPosition(cursorOf(position))).toEqual(position);
});
