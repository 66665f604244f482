import 'reflect-metadata';
import { randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Backend } from '../support/backends.js';
import { ciFaults, faults } from './faults/index.js';
import type { Bug } from './bugs/bug.js';
import { bugs } from './bugs/index.js';
import { playBugs } from './bugs/play-bugs.js';
import type { Fault } from './fault.js';
import { playAll } from './play-all.js';
import type { SettingsName } from './settings.js';

const here = resolve(import.meta.dirname, '../..');

interface Arguments {
  readonly jobs?: number;
  readonly fault: readonly string[];
  readonly backend?: Backend;
  readonly seed: number;
  readonly settings: SettingsName;
  readonly brief?: true;
  readonly selection?: 'ci';
  readonly bugs?: boolean;
  readonly bug: readonly string[];
  readonly keep?: boolean;
  readonly list?: boolean;
  readonly root: string;
}

const program = new Command('faults')
  .description(
    'Breaks a running Longhaul in every way of a list, and checks afterwards that nothing was lost or done twice.',
  )
  .option('--jobs <number>', 'jobs submitted during each fault (300; 100 in the ci selection)', whole)
  .option('--fault <name>', 'only this fault; may be repeated', (name, names: string[]) => [...names, name], [])
  .addOption(new Option('--backend <name>', 'only this queue backend').choices(['redis', 'postgres']))
  .option('--seed <number>', 'decides every random choice', whole, randomInt(1, 1_000_000))
  .addOption(
    new Option('--settings <name>', 'short clocks, or those of production')
      .choices(['short', 'default'])
      .default('short'),
  )
  .option('--brief', 'fewer blows of each fault')
  .addOption(new Option('--selection <name>', 'the worst faults only, brief, with few jobs').choices(['ci']))
  .option('--bugs', 'put bugs into a copy of the sources instead, one after the other: is each of them caught?')
  .option('--bug <name>', 'only this bug; may be repeated', (name, names: string[]) => [...names, name], [])
  .option('--keep', 'keep logs and findings of the faults that were survived, too')
  .option('--list', 'print the faults and end')
  .addOption(new Option('--root <folder>', 'the tree whose sources run').default(here).hideHelp())
  .parse();

const chosen = program.opts<Arguments>();
if (chosen.list === true) list();
else process.exitCode = await run();

async function run(): Promise<number> {
  const stopping = new AbortController();
  // `on`, not `once`: npm hands on the Ctrl-C that the terminal has sent already, and the second one must not kill.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
  const folder = resolve(here, '.longhaul/faults');
  await mkdir(folder, { recursive: true });
  const options = {
    seed: chosen.seed,
    settings: chosen.settings,
    brief: chosen.brief === true || chosen.selection === 'ci',
    keep: chosen.keep === true ? 'all' : 'failed',
    root: resolve(chosen.root),
    folder,
    signal: stopping.signal,
  } as const;
  const asItShouldBe =
    chosen.bugs === true || chosen.bug.length > 0
      ? await playBugs({ ...options, bugs: selectedBugs() })
      : await playAll({
          ...options,
          faults: selected(),
          backends: chosen.backend === undefined ? ['redis', 'postgres'] : [chosen.backend],
          jobs: chosen.jobs ?? (chosen.selection === 'ci' ? 100 : 300),
        });
  return asItShouldBe ? 0 : 1;
}

function selected(): readonly Fault[] {
  const all = chosen.selection === 'ci' ? ciFaults : faults;
  const unknown = chosen.fault.filter((name) => !faults.some((fault) => fault.name === name));
  if (unknown.length > 0) program.error(`There is no fault named ${unknown.join(', ')}: see --list.`);
  return chosen.fault.length === 0 ? all : faults.filter(({ name }) => chosen.fault.includes(name));
}

function selectedBugs(): readonly Bug[] {
  const unknown = chosen.bug.filter((name) => !bugs.some((bug) => bug.name === name));
  if (unknown.length > 0) program.error(`There is no bug named ${unknown.join(', ')}.`);
  return chosen.bug.length === 0 ? bugs : bugs.filter(({ name }) => chosen.bug.includes(name));
}

function list(): void {
  const width = Math.max(...faults.map(({ name }) => name.length));
  for (const { name, title, backends, needs = [] } of faults) {
    const limits = [
      ...(backends.length < 2 ? [`${backends.join()} only`] : []),
      ...needs.map((need) => `needs ${need}`),
    ];
    process.stdout.write(`${name.padEnd(width)}  ${title}${limits.length > 0 ? ` (${limits.join(', ')})` : ''}\n`);
  }
}

function whole(text: string): number {
  if (!/^\d{1,7}$/.test(text) || Number(text) < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}
