import type { NotApplicable } from './hostile-case.js';

/** Cases of the list for things that Longhaul does not have (yet). Each goes away with the thing it needs. */
export const notApplicable: readonly NotApplicable[] = [
  { id: 'bola-13', title: "other user's object: webhook update", reason: 'There are no webhooks.' },
  { id: 'bola-14', title: "other user's object: webhook delete", reason: 'There are no webhooks.' },
  { id: 'headers-13', title: 'Range header with 1 000 ranges', reason: 'There are no files to download.' },
  { id: 'state-12', title: 'claim-check tampering: file bytes changed on disk', reason: 'There are no files.' },
];
