import { LRUCache } from 'lru-cache';
import { CacheCounters } from './cache-counters.js';
import type { RedisShelf } from './redis-shelf.js';
import { tiers, type Tier } from './tiers.js';

/** How long after its time an answer may still be given when its source fails, in seconds. */
const graceSeconds = 24 * 60 * 60;
const graceMs = graceSeconds * 1000;
/** A source that takes longer than this is slow: what was fresh once is given meanwhile, in milliseconds. */
const slowMs = 1_000;
/** After a failure the source is left alone for so long, as far as there is an older answer, in milliseconds. */
const restMs = 3_000;
/** Memory for all entries of a process, and for the largest one, in characters of JSON. */
const memorySize = 64 * 1024 * 1024;
const largestEntry = 8 * 1024 * 1024;
/** Redis holds the queues, too: larger answers stay in memory. */
const largestInRedis = 512 * 1024;

/** What to look up. */
export interface Lookup<T> {
  readonly tier: Tier;
  /** Names the answer within its tier. */
  readonly key: string;
  /** An answer of another version is none, not even as a stale one. */
  readonly version?: string;
  /** Memory only: for keys that strangers make up, which must not fill Redis, and for what is cheap to make. */
  readonly local?: boolean;
  /** Asks the source; null: there is nothing, which is not kept. The answer must survive JSON. */
  readonly load: () => Promise<T | null>;
}

interface Entry {
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly freshUntil: number;
  readonly value: unknown;
}

/**
 * Answers by tier and key: memory in front, Redis behind when there is one. Callers of one moment share one load. When
 * the source fails or is slow, what was fresh once is given instead. Answers are shared: never change one.
 */
export class Cache {
  readonly counters = new CacheCounters();
  private readonly memory = new LRUCache<string, Entry>({ maxSize: memorySize, maxEntrySize: largestEntry });
  private readonly loading = new Map<string, Promise<unknown>>();
  /** Until when the source of a key is left alone. */
  private readonly resting = new LRUCache<string, number>({ max: 10_000 });

  constructor(
    private readonly shelf: RedisShelf | null,
    private readonly now: () => number = Date.now,
  ) {}

  /** @returns the answer, or null when there is nothing. @throws what `load` throws when there is no older answer. */
  async get<T>(lookup: Lookup<T>): Promise<T | null> {
    const { tier, version = '' } = lookup;
    const name = `${tier}:${lookup.key}`;
    const kept = this.kept(name, version);
    if (kept !== undefined && (this.isFresh(kept) || this.now() < (this.resting.get(name) ?? 0))) {
      this.counters.add(tier, this.isFresh(kept) ? 'hits' : 'stale');
      return kept.value as T;
    }
    // One of another version may be on its way.
    const flight = `${name} ${version}`;
    const under = this.loading.get(flight);
    if (under !== undefined) this.counters.add(tier, 'hits');
    const loading = under ?? this.start(flight, () => this.fetch(name, version, lookup));
    return (await loading) as T | null;
  }

  private start(flight: string, fetch: () => Promise<unknown>): Promise<unknown> {
    const started = fetch().finally(() => this.loading.delete(flight));
    this.loading.set(flight, started);
    return started;
  }

  /** Not in memory, or not fresh: asks Redis, then the source. */
  private async fetch(name: string, version: string, lookup: Lookup<unknown>): Promise<unknown> {
    const { tier } = lookup;
    const shared = await this.fromRedis(name, version, lookup);
    if (shared !== undefined && this.isFresh(shared)) {
      this.counters.add(tier, 'hits');
      return shared.value;
    }
    const older = shared ?? this.kept(name, version);
    const loaded = this.load(name, version, lookup);
    return older === undefined ? loaded : this.orOlder(name, tier, loaded, older);
  }

  private async load(name: string, version: string, lookup: Lookup<unknown>): Promise<unknown> {
    this.counters.add(lookup.tier, 'misses');
    const value = await lookup.load();
    this.resting.delete(name);
    if (value === null) this.forget(name, lookup);
    else this.store(name, { version, freshUntil: this.now() + tiers[lookup.tier] * 1000, value }, lookup);
    return value;
  }

  /** What was fresh once, when the load fails or takes long; a slow load goes on. */
  private async orOlder(name: string, tier: Tier, loaded: Promise<unknown>, older: Entry): Promise<unknown> {
    const failed = Symbol();
    const guarded = loaded.catch(() => failed);
    let timer: NodeJS.Timeout | undefined;
    const tooSlow = new Promise<typeof failed>((resolve) => (timer = setTimeout(resolve, slowMs, failed)));
    const answer = await Promise.race([guarded, tooSlow]);
    clearTimeout(timer);
    if (answer !== failed) return answer;
    this.resting.set(name, this.now() + restMs);
    this.counters.add(tier, 'stale');
    return older.value;
  }

  private isFresh({ freshUntil }: Entry): boolean {
    return this.now() < freshUntil;
  }

  private kept(name: string, version: string): Entry | undefined {
    const entry = this.memory.get(name);
    return entry?.version === version && this.now() < entry.freshUntil + graceMs ? entry : undefined;
  }

  private store(name: string, entry: Entry, lookup: Lookup<unknown>): void {
    const text = JSON.stringify(entry);
    this.memory.set(name, entry, { size: text.length });
    if (lookup.local || text.length > largestInRedis) return;
    this.inRedis(lookup.tier, (shelf) => shelf.set(name, text, tiers[lookup.tier] + graceSeconds));
  }

  private forget(name: string, lookup: Lookup<unknown>): void {
    this.memory.delete(name);
    if (!lookup.local) this.inRedis(lookup.tier, (shelf) => shelf.delete(name));
  }

  /** Nobody waits for it, and nothing depends on it. */
  private inRedis(tier: Tier, command: (shelf: RedisShelf) => Promise<void>): void {
    if (this.shelf !== null) command(this.shelf).catch(() => this.counters.add(tier, 'errors'));
  }

  private async fromRedis(name: string, version: string, lookup: Lookup<unknown>): Promise<Entry | undefined> {
    if (this.shelf === null || lookup.local) return undefined;
    try {
      const text = await this.shelf.get(name);
      const entry = text === null ? undefined : (JSON.parse(text) as Entry);
      if (text === null || entry?.version !== version) return undefined;
      this.memory.set(name, entry, { size: text.length });
      return entry;
    } catch {
      this.counters.add(lookup.tier, 'errors');
      return undefined;
    }
  }
}
