import type { Cost } from './costs.js';

/** In a page that holds a report, what comes before it is kept. */
const marker = '<!-- From here on the script writes. -->';

const shownCharacters = 300;

type Costs = ReadonlyMap<string, readonly Cost[]>;

/** The page with a table of what each operation costs by the number of jobs, and the plans of its statements with most of them. */
export function growthReport(bySize: ReadonlyMap<number, Costs>, page: string): string {
  const sizes = [...bySize.keys()];
  const titles = ['operation', ...sizes.map((size) => `${size.toLocaleString('en')} jobs`)];
  const names = [...(bySize.get(sizes[0]) ?? new Map()).keys()] as string[];
  const rows = names.map((name) => [name, ...sizes.map((size) => shown(bySize.get(size)?.get(name) ?? []))]);
  const table = [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const plans = plansOf(bySize.get(sizes.at(-1) ?? 0) ?? new Map());
  const [before] = page.split(marker);
  const title = `## Plans with ${(sizes.at(-1) ?? 0).toLocaleString('en')} jobs`;
  return `${[before.trim(), marker, table, title, ...plans].join('\n\n')}\n`;
}

/** A section for each operation, with the statements that none before it has. */
function plansOf(costs: Costs): string[] {
  const known = new Set<string>();
  const isNew = ({ text }: Cost) => !known.has(text) && known.add(text).size > 0;
  return [...costs].flatMap(([name, ofOperation]) => {
    const plans = ofOperation
      .filter(isNew)
      .map(({ text, plan }) => `\`\`\`text\n${head(text)}\n\n${plan.trim()}\n\`\`\``);
    return plans.length === 0 ? [] : [`### ${name}`, ...plans];
  });
}

/** Time and blocks of all its statements together. */
function shown(costs: readonly Cost[]): string {
  const sum = (of: (cost: Cost) => number) => costs.reduce((total, cost) => total + of(cost), 0);
  return `${sum(({ milliseconds }) => milliseconds).toFixed(2)} ms, ${Math.round(sum(({ blocks }) => blocks))}`;
}

/** Enough of a statement to find it in the sources. */
function head(text: string): string {
  const flat = text.replace(/\s+/g, ' ');
  return flat.length > shownCharacters ? `${flat.slice(0, shownCharacters)} …` : flat;
}
