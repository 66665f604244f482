/** Most versions of an item that people write, or have written by a revision; each may be 200,000 bytes, and is kept. */
export const mostVersions = 1_000;
