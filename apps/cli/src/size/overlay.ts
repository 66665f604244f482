import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRollout, type GroupPlan, type Plan } from './plan.js';
import { notes } from './report.js';

/**
 * Writes the plan as a component of Kustomize into an overlay of deploy/kubernetes: `sizing/kustomization.yaml`.
 * @returns whether the overlay names the component already.
 * @throws Error when the folder is no overlay, or one whose workers have no ScaledObjects that ask PostgreSQL.
 */
export function writeOverlay(folder: string, plan: Plan): boolean {
  let overlay: string;
  try {
    overlay = readFileSync(join(folder, 'kustomization.yaml'), 'utf8');
  } catch {
    throw new Error(`${folder} has no kustomization.yaml: name a folder of deploy/kubernetes/overlays.`);
  }
  if (/components\/(keda-metrics-api|long-jobs)\b/.test(overlay)) {
    throw new Error(`${folder} scales its workers in another way: take the numbers over by hand.`);
  }
  mkdirSync(join(folder, 'sizing'), { recursive: true });
  writeFileSync(join(folder, 'sizing/kustomization.yaml'), component(plan));
  return /^ *- +(\.\/)?sizing\/?$/m.test(overlay);
}

function component(plan: Plan): string {
  const { usual, peak, wish } = plan;
  return [
    ...['apiVersion: kustomize.config.k8s.io/v1alpha1', 'kind: Component'],
    `# Written by "npm run size" for ${wish.rps} tasks a second, ${peak.rps} at the peak; it comes after the component of the scaler.`,
    ...notes(plan).map((note) => `# ${note}`),
    ...['configMapGenerator:', '  - name: longhaul-config', '    namespace: longhaul', '    behavior: merge'],
    ...['    literals:', `      - DATABASE_POOL_SIZE=${wish.pool}`],
    'patches:',
    ...patch('HorizontalPodAutoscaler', 'longhaul-api', [
      ['/spec/minReplicas', usual.api.pods],
      ['/spec/maxReplicas', Math.max(usual.api.pods + 1, peak.api.pods)],
    ]),
    ...requests('longhaul-api', 'api', plan.peak.api.size.cores, plan.peak.api.size.memory),
    ...peak.groups.flatMap((group, index) => worker(group, usual.groups[index].pods)),
    ...patch('ResourceQuota', 'longhaul', quota(plan)),
    ...patch('LimitRange', 'longhaul', [
      ['/spec/limits/0/max/cpu', `'${Math.max(4, ...peak.groups.map(({ size }) => Math.ceil(size.cores)))}'`],
    ]),
    '',
  ].join('\n');
}

function worker({ group, pods, concurrency, jobsPerPod, size }: GroupPlan, usual: number): string[] {
  const name = `longhaul-worker-${group}`;
  const least = Math.max(group === 'io' ? 2 : 1, Math.ceil(usual / 2));
  return [
    ...patch('ScaledObject', name, [
      ['/spec/minReplicaCount', least],
      ['/spec/maxReplicaCount', Math.max(least, pods)],
      ['/spec/fallback/replicas', usual],
      ['/spec/triggers/0/metadata/targetQueryValue', `'${jobsPerPod}'`],
    ]),
    ...requests(name, 'worker', size.cores, size.memory, concurrency),
  ];
}

/** What pods and jobs of the whole namespace may ask for: the peak in a rollout, and some room for jobs of their own. */
function quota({ peak }: Plan): [string, string][] {
  const rows = [peak.api, ...peak.groups];
  const sum = (of: (size: { cores: number; memory: number }) => number) =>
    rows.reduce((all, { pods, size }) => all + pods * inRollout * of(size), 0);
  return [
    ['/spec/hard/pods', `'${Math.ceil(sum(() => 1)) + 10}'`],
    ['/spec/hard/requests.cpu', `'${Math.ceil(sum(({ cores }) => cores)) + 10}'`],
    ['/spec/hard/requests.memory', `${Math.ceil(sum(({ memory }) => memory) / 1024) + 8}Gi`],
    ['/spec/hard/limits.memory', `${Math.ceil((3 * sum(({ memory }) => memory)) / 1024) + 16}Gi`],
  ];
}

function patch(kind: string, name: string, values: readonly (readonly [string, string | number])[]): string[] {
  return [
    ...[`  - target: { kind: ${kind}, name: ${name} }`, '    patch: |-'],
    ...values.map(([path, value]) => `      - { op: replace, path: ${path}, value: ${value} }`),
  ];
}

function requests(
  deployment: string,
  container: string,
  cores: number,
  memory: number,
  concurrency?: number,
): string[] {
  return [
    ...['  - patch: |-', '      apiVersion: apps/v1', '      kind: Deployment'],
    ...[
      `      metadata: { name: ${deployment}, namespace: longhaul }`,
      '      spec:',
      '        template:',
      '          spec:',
    ],
    ...['            containers:', `              - name: ${container}`],
    ...(concurrency === undefined
      ? []
      : ['                env:', `                  - { name: WORKER_CONCURRENCY, value: '${concurrency}' }`]),
    `                resources: { requests: { cpu: ${cores * 1000}m, memory: ${memory}Mi }, limits: { memory: ${2 * memory}Mi } }`,
  ];
}
