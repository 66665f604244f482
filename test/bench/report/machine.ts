import { execFile } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Servers } from '../../faults/stage/stage.js';
import { median } from './statistics.js';

const root = resolve(import.meta.dirname, '../../..');

/** What the numbers depend on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  /** Median time to get 8 kB onto the disk, in microseconds. */
  readonly syncUs: number;
  /** Of Node, the servers and the packages that are measured. */
  readonly versions: Readonly<Record<string, string>>;
}

const measuredPackages = ['@nestjs/core', 'fastify', 'bullmq', 'typeorm', 'graphile-worker', 'pg-boss', 'autocannon'];

export async function describeMachine({ postgres, redis }: Servers, folder: string): Promise<Machine> {
  const { rows } = await postgres.admin((client) => client.query<{ server_version: string }>('SHOW server_version'));
  const redisInfo = (await redis?.admin((client) => client.info('server'))) ?? '';
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release().split('-', 1)[0],
    syncUs: await syncUs(folder),
    versions: {
      node: process.versions.node,
      postgres: rows[0].server_version,
      redis: /^redis_version:(\S+)/m.exec(redisInfo)?.[1] ?? 'none',
      ...Object.fromEntries(measuredPackages.map((name) => [name, wanted[name] ?? 'unknown'])),
    },
  };
}

/** The commit that is measured, with `+` when the tree has changes; `unknown` outside of a checkout. */
export async function describeCommit(): Promise<string> {
  const git = async (...words: string[]) => (await promisify(execFile)('git', words, { cwd: root })).stdout.trim();
  try {
    return (await git('rev-parse', '--short', 'HEAD')) + ((await git('status', '--porcelain')) === '' ? '' : '+');
  } catch {
    return 'unknown';
  }
}

async function syncUs(folder: string): Promise<number> {
  const path = join(folder, 'sync-probe');
  const file = await open(path, 'w');
  try {
    const page = Buffer.alloc(8192, 1);
    const taken: number[] = [];
    for (let write = 0; write < 50; write += 1) {
      await file.write(page, 0, page.length, write * page.length);
      const from = performance.now();
      await file.datasync();
      taken.push((performance.now() - from) * 1000);
    }
    return Math.round(median(taken));
  } finally {
    await file.close();
    await rm(path);
  }
}
