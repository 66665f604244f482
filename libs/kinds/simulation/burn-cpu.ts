import { createHash } from 'node:crypto';

/** Hashes for a while; runs in a thread of the CPU pool and never yields, as real computation would not. */
export default function burnCpu({ ms }: { readonly ms: number }): { readonly hashes: number } {
  const end = performance.now() + ms;
  let digest = 'longhaul';
  let hashes = 0;
  while (performance.now() < end) {
    digest = createHash('sha256').update(digest).digest('hex');
    hashes += 1;
  }
  return { hashes };
}
