export { Cache, type Lookup } from './cache.js';
export { type CacheCounts } from './cache-counters.js';
export { CacheModule } from './cache.module.js';
export { tierNames, tiers, type Tier } from './tiers.js';
