import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { metrics, type Metric } from '@longhaul/telemetry';
import { parse } from 'yaml';
import { anchorsOf } from './markdown-files.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

const folder = 'deploy/monitoring';
const dashboards = readdirSync(join(folder, 'dashboards')).map((name) => join(folder, 'dashboards', name));
const catalogue: Readonly<Record<string, Metric>> = metrics;
/** Made by Prometheus itself. */
const given: Readonly<Record<string, readonly string[]>> = { up: [] };
/** Labels that scraping adds, and that of a histogram's buckets. */
const added = ['job', 'instance', 'le'];
const words = /^(?:by|without|on|ignoring|group_left|group_right|and|or|unless|offset|bool)$/;

/** The metrics that an expression names, each with the labels that it asks for. */
function namedIn(expression: string): Map<string, string[]> {
  const named = new Map<string, string[]>();
  const bare = expression.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/\[[^\]]*\]/g, '');
  // Lists of labels are no metrics.
  const grouping = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
  // What is to be left out need not be there.
  const kept = bare.replace(/\b(?:without|ignoring)\s*\([^)]*\)/g, ' ');
  const grouped = [...kept.matchAll(grouping)].flatMap(([, list]) => list.split(',').map((one) => one.trim()));
  for (const [, name, selector = ''] of bare
    .replace(grouping, ' ')
    .matchAll(/([a-z_:][\w:]*)\s*(\{[^}]*\})?(?!\w|\s*\()/gi)) {
    if (words.test(name) || /^\d/.test(name)) continue;
    const asked = [...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label);
    named.set(name, [...(named.get(name) ?? []), ...asked, ...grouped]);
  }
  return named;
}

function unknownIn(expression: string): string[] {
  return [...namedIn(expression)].flatMap(([name, labels]) => {
    const base = name.replace(/_(?:bucket|sum|count)$/, '');
    const metric = catalogue[name] ?? (catalogue[base]?.type === 'histogram' ? catalogue[base] : undefined);
    if (metric === undefined && given[name] === undefined) return [name];
    const known = [...added, ...(metric?.labels ?? given[name])];
    return labels.filter((label) => !known.includes(label)).map((label) => `${name}{${label}}`);
  });
}

const rules = (
  parse(readFileSync(join(folder, 'alerts.yaml'), 'utf8')) as { groups: { rules: Rule[] }[] }
).groups.flatMap(({ rules: all }) => all);

describe('what watches an installation', () => {
  it('is checked by a reader of expressions that finds what is wrong', () => {
    expect(unknownIn('sum by (kind) (rate(longhaul_attempts_total{outcome="retry"}[5m])) > 0.5')).toEqual([]);
    expect(unknownIn('rate(longhaul_attemps_total[5m]) / longhaul_sse_clients{kind="x"}')).toEqual([
      'longhaul_attemps_total',
      'longhaul_sse_clients{kind}',
    ]);
    expect(
      unknownIn('histogram_quantile(0.9, sum by (le, route) (rate(longhaul_job_wait_seconds_bucket[5m])))'),
    ).toEqual(['longhaul_job_wait_seconds_bucket{route}']);
    expect(unknownIn('longhaul_sse_clients_bucket')).toEqual(['longhaul_sse_clients_bucket']);
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s: metrics that exist, and a runbook', (_name, rule) => {
    expect(unknownIn(rule.expr)).toEqual([]);
    expect(['critical', 'warning']).toContain(rule.labels.severity);
    expect(rule.annotations.summary).not.toBe('');
    const [file, anchor] = rule.annotations.runbook_url.split('#');
    expect(file).toBe('docs/runbook.md');
    expect(anchor).toBe(rule.alert.toLowerCase());
    expect(anchorsOf(readFileSync(file, 'utf8'))).toContain(anchor);
  });

  it('has no entry in the runbook for an alert that is gone', () => {
    const entries = anchorsOf(readFileSync('docs/runbook.md', 'utf8')).filter(
      (anchor) => !['runbook', 'commands'].includes(anchor),
    );
    expect(entries.sort()).toEqual(rules.map(({ alert }) => alert.toLowerCase()).sort());
  });

  it.each(dashboards)('%s: panels that ask for metrics that exist', (file) => {
    const { panels, title } = JSON.parse(readFileSync(file, 'utf8')) as {
      title: string;
      panels: { title: string; targets: { expr: string }[] }[];
    };
    expect(title).toMatch(/^Longhaul/);
    expect(panels.length).toBeGreaterThan(5);
    const wrong = panels.flatMap((panel) =>
      panel.targets.flatMap(({ expr }) => unknownIn(expr).map((name) => [panel.title, name])),
    );
    expect(wrong).toEqual([]);
  });

  it('shows every metric on some dashboard or rule', () => {
    const all = [...rules.map(({ expr }) => expr), ...dashboards.map((file) => readFileSync(file, 'utf8'))].join('\n');
    expect(Object.keys(metrics).filter((name) => !all.includes(name))).toEqual(['process_start_time_seconds']);
  });
});
