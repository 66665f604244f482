import type { Benchmark } from '../benchmark.js';
import { Load } from '../load/load.js';
import { makePosts, searches } from '../stage/posts.js';
import { Product } from '../stage/product.js';

/** So many that a round repeats none: each search is one for the database, not for the cache. */
const perKind = 3_000;

export const search: Benchmark = {
  name: 'search',
  title: 'GET /public/search over 50,000 published posts, one caller, searches that nobody made before',
  backends: ['postgres'],
  run: async (stage) => {
    const load = await Load.start(stage);
    const product = await Product.open(stage);
    await product.startApi();
    await makePosts(product.sql, stage.amount(50_000, 5_000));
    const kinds = searches(perKind);
    const mixed = Array.from({ length: perKind }, (_, turn) =>
      Object.values(kinds).map((list) => list[turn] ?? ''),
    ).flat();
    for (const [name, words] of Object.entries({ 'all kinds in turns': mixed, ...kinds })) {
      let round = 0;
      const plan = { url: product.url, method: 'GET', tokens: [], connections: 1, expect: 200 } as const;
      const next = () => {
        round += 1;
        // The number of the round asks for other results of the same words.
        return words.map((typed) => `/public/search?limit=${(round % 5) + 8}&q=${encodeURIComponent(typed)}`);
      };
      await stage.compare(name, [
        { name: 'longhaul', round: () => load.round({ ...plan, paths: next() }, product.metered, [50, 95, 99]) },
      ]);
    }
  },
};
