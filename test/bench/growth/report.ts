import type { Cost } from './costs.js';

type Costs = ReadonlyMap<string, readonly Cost[]>;

/** Table of what each operation costs by the number of jobs, and the plans of its statements with most of them. */
export function growthReport(bySize: ReadonlyMap<number, Costs>): string {
  const sizes = [...bySize.keys()];
  const head = ['operation', ...sizes.map((size) => `${size.toLocaleString('en')} jobs`)];
  const names = [...(bySize.get(sizes[0]) ?? new Map()).keys()] as string[];
  const rows = names.map((name) => [name, ...sizes.map((size) => shown(bySize.get(size)?.get(name) ?? []))]);
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const plans = [...(bySize.get(sizes.at(-1) ?? 0) ?? new Map<string, readonly Cost[]>())].map(([name, costs]) =>
    [`### ${name}`, ...costs.map(({ text, plan }) => `\`\`\`text\n${flat(text)}\n\n${plan.trim()}\n\`\`\``)].join(
      '\n\n',
    ),
  );
  return `${table}\n\n${plans.join('\n\n')}\n`;
}

/** Time and blocks of all its statements together. */
function shown(costs: readonly Cost[]): string {
  const sum = (of: (cost: Cost) => number) => costs.reduce((total, cost) => total + of(cost), 0);
  return `${sum(({ milliseconds }) => milliseconds).toFixed(2)} ms, ${Math.round(sum(({ blocks }) => blocks))}`;
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ');
}
